// The engine's kernel: interprets a program (lowered by ../lower.ts) over one arena of floats. One source for every
// target; no libc, no libm, no state of its own.
#include "vector.h"
#include "dense.h"
#include "elementwise.h"
#include "program.h"
#include "terms.h"
#include "optimise.h"
#include "gather.h"

#ifndef EXPORT
#define EXPORT __attribute__((visibility("default")))
#endif

#define ARG(i) AT(q->a[i])

enum { DENSE, DENSE_INPUT, DENSE_WEIGHTS, ELEMENTWISE, ZERO, PACK };

// Numbers kept for each step come from memory, further away than a processor looks ahead: what an instruction needs of the
// next step is asked for while this one is computed. `rows` of the tensor that is at `now`, `ahead` steps away.
INLINE void fetch(const float *now, long ts, long ahead, long rows, long lanes) {
  if (ts == 0 || ahead == 0) return;
  const float *p = now + ahead * ts;
  for (long i = 0; i < rows * lanes; i += 16) __builtin_prefetch(p + i);
}
#define FETCH(i, rows) fetch(ARG(i), tensor[q->a[i]].ts, ahead, rows, lanes)

static void execute(float *F, int which, long k, long m, long s, long t, long w) {
  const Head *h = (const Head *)F;
  const Tensor *tensor = t < h->kept ? tensorsOf(F) : (const Tensor *)(F + h->againAt);
  const Instruction *q = (const Instruction *)(F + h->segment[which].start);
  long lanes = h->lanes, width = s < h->strips - 1 ? lanes : h->lastLanes;
  long ahead = which == STEP && t + 1 < h->kept ? 1 : which == BACK_STEP && t > 0 ? -1 : 0;
  for (int n = h->segment[which].count; n--; q++) switch (q->op) {
    case DENSE:         // y w bias x e | n d accumulate act
      FETCH(0, q->a[5]);
      dense(ARG(1), ARG(3), ARG(0), q->a[5], q->a[6], lanes, width, q->a[7] ? 0 : ARG(2), q->a[7], q->a[8], ARG(4));
      break;
    case DENSE_INPUT:   // gx w e gy | n d accumulate act: the same with the packed transpose, the derivative at e
      FETCH(2, rowsOfOutput(q->a[7], q->a[4]));
      dense(ARG(1), ARG(3), ARG(0), q->a[4], q->a[5], lanes, width, 0, q->a[6], q->a[7], ARG(2));
      break;
    case DENSE_WEIGHTS: { // gw gb x g | d n ldw withBias
      FETCH(2, q->a[4]);
      float *scratch = F + h->transposed.offset + w * h->transposed.ws;
      denseWeights(ARG(0), q->a[7] ? ARG(1) : 0, ARG(2), ARG(3), q->a[4], q->a[5], q->a[6], lanes, width, scratch);
      break;
    }
    case ELEMENTWISE:   // y a b c d | kind accumulate rows broadcast
      elementwise(q->a[5], q->a[6], q->a[7], q->a[8], lanes, width, ARG(0), ARG(1), ARG(2), ARG(3), ARG(4));
      break;
    case ZERO: {        // y | floats
      float *y = ARG(0);
      for (long i = 0; i < q->a[1]; i += VW) st(y + i, sp(0));
      break;
    }
    case PACK:          // out w | so sr n d
      pack(ARG(0), ARG(1), q->a[2], q->a[3], q->a[4], q->a[5]);
      break;
  }
}

static void forward(float *F, long cell, long w) {
  const Head *h = (const Head *)F;
  long s = cell % h->strips, m = cell / h->strips % h->members, k = cell / h->strips / h->members;
  execute(F, PROLOGUE, k, m, s, 0, w);
  for (long t = 0; t < h->steps; t++) execute(F, STEP, k, m, s, t, w);
  execute(F, EPILOGUE, k, m, s, h->steps, w);
}

static void backward(float *F, long cell, long w) {
  const Head *h = (const Head *)F;
  long s = cell % h->strips, m = cell / h->strips % h->members, k = cell / h->strips / h->members;
  execute(F, BACK_EPILOGUE, k, m, s, h->steps, w);
  for (long t = h->steps - 1; t >= 0; t--) {
    if (t >= h->kept) execute(F, AGAIN, k, m, s, t, w);
    execute(F, BACK_STEP, k, m, s, t, w);
  }
  execute(F, BACK_PROLOGUE, k, m, s, 0, w);
}

enum { P_PACK, P_FORWARD, P_DISTANCES, P_TERMS, P_SPREAD, P_BACKWARD, P_OPTIMISE, P_GATHER };
// One task of a phase: what may run beside the other tasks of that phase. `mode`: of packing the segment, of terms whether
// gradients are wanted, of optimising 2 for an update, of gathering where it is told what is gathered.
EXPORT void task(float *F, int phase, int index, int worker, int mode) {
  switch (phase) {
    case P_PACK: execute(F, mode, index, index, 0, 0, worker); break; // mode: which packing segment
    case P_FORWARD: forward(F, index, worker); break;
    case P_DISTANCES: distances(F, index); break;
    case P_TERMS: terms(F, mode); break;
    case P_SPREAD: spread(F, index); break;
    case P_BACKWARD: backward(F, index, worker); break;
    case P_OPTIMISE: optimise(F, index, mode); break;
    case P_GATHER: gather(F, index, mode); break;
  }
}
EXPORT int panelRows(void) { return RB; }
