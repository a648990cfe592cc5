// The engine's kernel: interprets a program (lowered by ../lower.ts) over one arena of floats. One source for every
// target; no libc, no libm, no state of its own.
#include "vector.h"
#include "dense.h"
#include "elementwise.h"

#ifndef EXPORT
#define EXPORT __attribute__((visibility("default")))
#endif

// Element (k, m, s, t, w) of a tensor starts at offset + k * ks + m * ms + s * ss + t * ts + w * ws floats: policy,
// member, strip, step, worker. A window on a series is such a line with a negative ts.
typedef struct { int offset, ks, ms, ss, ts, ws; } Tensor;
typedef struct { int op, a[10]; } Instruction;
typedef struct { int start, count; } Segment; // in words from the start of the arena, and in instructions
enum { PACK_POLICY, PACK_MEMBER, PACK_SHARED, PROLOGUE, STEP, EPILOGUE, BACK_EPILOGUE, AGAIN, BACK_STEP, BACK_PROLOGUE, SEGMENTS };
typedef struct {
  int tensors, policies, members, strips, steps, lanes;
  int lastLanes;               // of the last strip that hold starts: 16, or all
  int kept;                    // first steps whose activations are kept; those of later ones are computed again
  int againAt;                 // word where the tensors of later steps are
  Tensor transposed; // scratch of denseWeights
  Segment segment[SEGMENTS];
  int terms, termAt;           // count, and word where they start
  int termWeights, termValues; // offsets: float [terms], double [terms][policies][members]
  int optimised, optimisedAt;
  int hyper;                   // offset: float lr, b1, b2, 1 - b1, 1 - b2, 1 / (1 - b1^n), 1 / (1 - b2^n), eps, clip
} Head;
// A term of the loss: kind SUM or MINIMUM over members of weight * value, or DIVERSITY of the first `count` policies.
enum { SUM, MINIMUM, DIVERSITY };
enum { LSED, MIN_LSED, MIN_LSED_GLOBAL };
typedef struct {
  int kind, value, adjoint, weight; // tensors; of diversity, value and adjoint point to the newest row of the series
  float coefficient;
  int count, rows, measure;         // of diversity: policies, rows of a frame, measure
  int rowWeights, distances, pulls; // offsets: float [rows], double [members * strips][count^2], float [count^2]
  float epsilon, cap;
} Term;
typedef struct { int extent, count, values, cells, gradient, first, second, stats; } Optimised; // offsets; stats: double [units][2]

#define AT(i) (F + tensor[i].offset + k * tensor[i].ks + m * tensor[i].ms + s * tensor[i].ss + t * tensor[i].ts + w * tensor[i].ws)
#define ARG(i) AT(q->a[i])

enum { DENSE, DENSE_INPUT, DENSE_WEIGHTS, ELEMENTWISE, ZERO, PACK };

INLINE const Tensor *tensorsOf(const float *F) { return (const Tensor *)((const Head *)F + 1); }

static void execute(float *F, int which, long k, long m, long s, long t, long w) {
  const Head *h = (const Head *)F;
  const Tensor *tensor = t < h->kept ? tensorsOf(F) : (const Tensor *)(F + h->againAt);
  const Instruction *q = (const Instruction *)(F + h->segment[which].start);
  long lanes = h->lanes, width = s < h->strips - 1 ? lanes : h->lastLanes;
  for (int n = h->segment[which].count; n--; q++) switch (q->op) {
    case DENSE:         // y w bias x e | n d accumulate act
      dense(ARG(1), ARG(3), ARG(0), q->a[5], q->a[6], lanes, width, q->a[7] ? 0 : ARG(2), q->a[7], q->a[8], ARG(4));
      break;
    case DENSE_INPUT:   // gx w e gy | n d accumulate act: the same with the packed transpose, the derivative at e
      dense(ARG(1), ARG(3), ARG(0), q->a[4], q->a[5], lanes, width, 0, q->a[6], q->a[7], ARG(2));
      break;
    case DENSE_WEIGHTS: { // gw gb x g | d n ldw withBias
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

#include "terms.h"
#include "optimise.h"

enum { P_PACK, P_FORWARD, P_DISTANCES, P_TERMS, P_SPREAD, P_BACKWARD, P_OPTIMISE };
// One task of a phase: what may run beside the other tasks of that phase. `mode`: of packing the segment, of terms whether
// gradients are wanted, of optimising 2 for an update.
EXPORT void task(float *F, int phase, int index, int worker, int mode) {
  switch (phase) {
    case P_PACK: execute(F, mode, index, index, 0, 0, worker); break; // mode: which packing segment
    case P_FORWARD: forward(F, index, worker); break;
    case P_DISTANCES: distances(F, index); break;
    case P_TERMS: terms(F, mode); break;
    case P_SPREAD: spread(F, index); break;
    case P_BACKWARD: backward(F, index, worker); break;
    case P_OPTIMISE: optimise(F, index, mode); break;
  }
}
EXPORT int panelRows(void) { return RB; }
