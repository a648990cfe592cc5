// Dense layers over a strip of samples. A matrix of activations is [feature][lanes], of which the first `width` lanes are
// computed; both are multiples of 16.
// Every output is one chain over its inputs in their order, so tile shape and packing do not change a bit.
#ifndef RB
#define RB 4 // rows of a tile, and of a panel of packed weights
#define CB 2 // vectors of a tile
#endif

// D_: times the derivative of the layer whose output is e; PLUS: add e; RELU_SIGNS: e is written, D_RELU_SIGNS: read. Signs
// stand for an output of which nothing else is needed: two bits for each number (above zero, not a number), sixteen rows in
// a word.
enum { NONE, TANH, RELU, D_TANH, D_RELU, PLUS, RELU_SIGNS, D_RELU_SIGNS };
enum { SIGN_ROWS = 16 };
_Static_assert(SIGN_ROWS % RB == 0, "the rows of a tile are in one word");

INLINE int isSigns(int act) { return act == RELU_SIGNS || act == D_RELU_SIGNS; }
INLINE long rowsOfOutput(int act, long n) { return isSigns(act) ? (n + SIGN_ROWS - 1) / SIGN_ROWS : n; } // of e
INLINE M bitsAt(const float *p) { return (M)ld(p); }
INLINE M signsOf(V v, int row) { return ((v > sp(0)) & 1 << 2 * row) | ((v != v) & 2 << 2 * row); }
INLINE V passedBy(M signs, int row, V y) {
  M positive = (signs & 1 << 2 * row) != 0, missing = (signs & 2 << 2 * row) != 0;
  return (V)(((M)y & positive) | (missing & 0x7fc00000));
}

INLINE V activate(int m, V y, const float *e) {
  if (m == NONE) return y;
  if (m == TANH) return tanhv(y);
  if (m == RELU) return keep(~(y < sp(0)), y); // not max(0, y): a NaN must stay visible
  V v = ld(e);
  if (m == PLUS) return v + y;
  return m == D_TANH ? y * (sp(1) - v * v) : reveal(v, keep(v > sp(0), y));
}

// y[R][C * VW] = activate((accumulate ? y : bias) + sum over r of w[i * so + r * sr] * x[r])
INLINE void tile(int R, int C, const float *w, long so, long sr, const float *x, long ldx, float *y, long ldy, long d,
                 const float *bias, int accumulate, int act, float *e, int shift) {
  V a[RB][CB];
  UNROLL for (int i = 0; i < R; i++)
    UNROLL for (int c = 0; c < C; c++) a[i][c] = accumulate ? ld(y + i * ldy + c * VW) : bias ? sp(bias[i]) : sp(0);
  for (; d; d--, x += ldx, w += sr) {
    V u[CB];
    UNROLL for (int c = 0; c < C; c++) u[c] = ld(x + c * VW);
    UNROLL for (int i = 0; i < R; i++) {
      V s = sp(w[i * so]);
      UNROLL for (int c = 0; c < C; c++) a[i][c] = madd(s, u[c], a[i][c]);
    }
  }
  // one loop for each activation, so that those of several vectors overlap
#define STORE(ACTIVATION)                                       \
  case ACTIVATION:                                              \
    UNROLL for (int i = 0; i < R; i++) UNROLL for (int c = 0; c < C; c++) \
      st(y + i * ldy + c * VW, activate(ACTIVATION, a[i][c], e + i * ldy + c * VW)); \
    break;
  switch (act) {
    STORE(NONE) STORE(TANH) STORE(RELU) STORE(D_TANH) STORE(D_RELU) STORE(PLUS)
    case RELU_SIGNS:
      UNROLL for (int c = 0; c < C; c++) {
        M signs = {};
        UNROLL for (int i = 0; i < R; i++) {
          signs |= signsOf(a[i][c], i);
          st(y + i * ldy + c * VW, activate(RELU, a[i][c], 0));
        }
        signs <<= shift;
        st(e + c * VW, (V)(shift ? bitsAt(e + c * VW) | signs : signs));
      }
      break;
    case D_RELU_SIGNS:
      UNROLL for (int c = 0; c < C; c++) {
        M signs = bitsAt(e + c * VW) >> shift;
        UNROLL for (int i = 0; i < R; i++) st(y + i * ldy + c * VW, passedBy(signs, i, a[i][c]));
      }
      break;
  }
#undef STORE
}

// columns is a multiple of VW: what is left beside tiles of full width is computed one vector at a time
INLINE void gemm(const float *w, long panel, long so, long sr, const float *x, long ldx, float *y, long ldy, long n,
                 long d, long columns, const float *bias, int accumulate, int act, float *e) {
  int signs = isSigns(act);
#define TILE(R, C) \
  tile(R, C, w, so, sr, x + b, ldx, y + i * ldy + b, ldy, d, bias ? bias + i : 0, accumulate, act, \
       e + (signs ? i / SIGN_ROWS : i) * ldy + b, 2 * (i % SIGN_ROWS))
#define TILES(R)                                            \
  for (; b + CB * VW <= columns; b += CB * VW) TILE(R, CB); \
  for (; b < columns; b += VW) TILE(R, 1);                  \
  break
  for (long i = 0; i < n; i += RB, w += panel) {
    long b = 0;
    switch (n - i) {
      case 1: TILES(1);
#if RB > 2
      case 2: TILES(2);
      case 3: TILES(3);
#endif
#if RB > 4
      case 4: TILES(4);
      case 5: TILES(5);
#endif
#if RB > 6
      case 6: TILES(6);
      case 7: TILES(7);
#endif
      default: TILES(RB);
    }
  }
}

// y[n] = activate((accumulate ? y : bias) + W x[d]), W packed
static __attribute__((noinline)) void dense(const float *w, const float *x, float *y, long n, long d, long lanes, long width,
                                            const float *bias, int accumulate, int act, float *e) {
  gemm(w, d * RB, 1, RB, x, lanes, y, lanes, n, d, width, bias, accumulate, act, e);
}

// panels of RB outputs: out[n / RB][d][RB] from w[i * so + r * sr]
static void pack(float *out, const float *w, long so, long sr, long n, long d) {
  for (long i = 0; i < n; i += RB)
    for (long r = 0; r < d; r++)
      for (long j = 0; j < RB; j++) *out++ = i + j < n ? w[(i + j) * so + r * sr] : 0;
}

#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
INLINE void transpose4(Q *v) {
  Q a = SHUFFLE(v[0], v[1], 0, 4, 1, 5), b = SHUFFLE(v[2], v[3], 0, 4, 1, 5);
  Q c = SHUFFLE(v[0], v[1], 2, 6, 3, 7), d = SHUFFLE(v[2], v[3], 2, 6, 3, 7);
  v[0] = SHUFFLE(a, b, 0, 1, 4, 5);
  v[1] = SHUFFLE(a, b, 2, 3, 6, 7);
  v[2] = SHUFFLE(c, d, 0, 1, 4, 5);
  v[3] = SHUFFLE(c, d, 2, 3, 6, 7);
}

// gw[d][ldw] += x[d][width] g[n][width]^T and gb[n] += row sums of g, sequentially over the lanes of the strip, whose
// own sum is formed first and added then: a fifth of the rounding error of a running sum. t: width * pad16(n) floats.
static __attribute__((noinline)) void denseWeights(float *gw, float *gb, const float *x, const float *g, long d, long n,
                                                   long ldw, long lanes, long width, float *t) {
  long np = (n + 15) & ~15L;
  for (long j = 0; j < np; j += 4)
    for (long b = 0; b < width; b += 4) {
      Q v[4] = {};
      for (int i = 0; i < 4; i++)
        if (j + i < n) v[i] = *(const QU *)(g + (j + i) * lanes + b);
      transpose4(v);
      for (int i = 0; i < 4; i++) *(QU *)(t + (b + i) * np + j) = v[i];
    }
  gemm(x, RB * lanes, lanes, 1, t, np, gw, ldw, d, width, (n + VW - 1) / VW * VW, 0, 0, PLUS, gw);
  if (!gb) return;
  for (long j = 0; j < np; j += VW) {
    V s = sp(0);
    for (long b = 0; b < width; b++) s += ld(t + b * np + j);
    st(gb + j, ld(gb + j) + s);
  }
}
