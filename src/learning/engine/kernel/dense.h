// Dense layers over a strip of samples. A matrix of activations is [feature][lanes]; lanes is a multiple of 16.
// Every output is one chain over its inputs in their order, so tile shape and packing do not change a bit.
#ifndef RB
#define RB 4 // rows of a tile, and of a panel of packed weights
#define CB 2 // vectors of a tile
#endif

enum { NONE, TANH, RELU, D_TANH, D_RELU, PLUS }; // D_: times the derivative of the layer whose output is e; PLUS: add e

INLINE V activate(int m, V y, const float *e) {
  if (m == NONE) return y;
  if (m == TANH) return tanhv(y);
  if (m == RELU) return keep(~(y < sp(0)), y); // not max(0, y): a NaN must stay visible
  V v = ld(e);
  if (m == PLUS) return v + y;
  return m == D_TANH ? y * (sp(1) - v * v) : reveal(v, keep(v > sp(0), y));
}

// y[R][CB * VW] = activate((accumulate ? y : bias) + sum over r of w[i * so + r * sr] * x[r])
INLINE void tile(int R, const float *w, long so, long sr, const float *x, long ldx, float *y, long ldy, long d,
                 const float *bias, int accumulate, int act, const float *e) {
  V a[RB][CB];
  UNROLL for (int i = 0; i < R; i++)
    UNROLL for (int c = 0; c < CB; c++) a[i][c] = accumulate ? ld(y + i * ldy + c * VW) : bias ? sp(bias[i]) : sp(0);
  for (; d; d--, x += ldx, w += sr) {
    V u[CB];
    UNROLL for (int c = 0; c < CB; c++) u[c] = ld(x + c * VW);
    UNROLL for (int i = 0; i < R; i++) {
      V s = sp(w[i * so]);
      UNROLL for (int c = 0; c < CB; c++) a[i][c] = madd(s, u[c], a[i][c]);
    }
  }
  UNROLL for (int i = 0; i < R; i++)
    UNROLL for (int c = 0; c < CB; c++) st(y + i * ldy + c * VW, activate(act, a[i][c], e + i * ldy + c * VW));
}

INLINE void gemm(const float *w, long panel, long so, long sr, const float *x, long ldx, float *y, long ldy, long n,
                 long d, long columns, const float *bias, int accumulate, int act, const float *e) {
  for (long i = 0; i < n; i += RB, w += panel)
    for (long b = 0; b < columns; b += CB * VW) {
#define TILE(R) \
  tile(R, w, so, sr, x + b, ldx, y + i * ldy + b, ldy, d, bias ? bias + i : 0, accumulate, act, e + i * ldy + b)
      switch (n - i) {
        case 1: TILE(1); break;
#if RB > 2
        case 2: TILE(2); break;
        case 3: TILE(3); break;
#endif
        default: TILE(RB);
      }
    }
}

// y[n] = activate((accumulate ? y : bias) + W x[d]), W packed
static __attribute__((noinline)) void dense(const float *w, const float *x, float *y, long n, long d, long lanes,
                                            const float *bias, int accumulate, int act, const float *e) {
  gemm(w, d * RB, 1, RB, x, lanes, y, lanes, n, d, lanes, bias, accumulate, act, e);
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

// gw[d][ldw] += x[d][lanes] g[n][lanes]^T and gb[n] += row sums of g, sequentially over the lanes of the strip, whose
// own sum is formed first and added then: a fifth of the rounding error of a running sum. t: lanes * pad16(n) floats.
static __attribute__((noinline)) void denseWeights(float *gw, float *gb, const float *x, const float *g, long d, long n,
                                                   long ldw, long lanes, float *t) {
  long np = (n + 15) & ~15L;
  for (long j = 0; j < np; j += 4)
    for (long b = 0; b < lanes; b += 4) {
      Q v[4] = {};
      for (int i = 0; i < 4; i++)
        if (j + i < n) v[i] = *(const QU *)(g + (j + i) * lanes + b);
      transpose4(v);
      for (int i = 0; i < 4; i++) *(QU *)(t + (b + i) * np + j) = v[i];
    }
  gemm(x, RB * lanes, lanes, 1, t, np, gw, ldw, d, lanes, np, 0, 0, PLUS, gw);
  if (!gb) return;
  for (long j = 0; j < np; j += VW) {
    V s = sp(0);
    for (long b = 0; b < lanes; b++) s += ld(t + b * np + j);
    st(gb + j, ld(gb + j) + s);
  }
}
