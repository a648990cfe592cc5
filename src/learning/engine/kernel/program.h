// A program as it lies in the arena: words of 32 bits, written by ../instructions.ts.
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
  Tensor transposed;           // scratch of denseWeights
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

INLINE const Tensor *tensorsOf(const float *F) { return (const Tensor *)((const Head *)F + 1); }
