// Elementwise operations and their adjoints over rows x lanes. Bit i of `broadcast` gives operand i (0 = y) a row stride
// of zero: one row stands for all. Comparisons are written so that a NaN is never hidden: not in a limit of a clamp, nor
// by a derivative that depends on which side its operand is on.
enum {
  E_COPY, E_ADD, E_SUB, E_MUL, E_DIV, E_MIN, E_MAX, E_MADD, E_CLAMP, E_WHERE,
  E_EXP, E_LOG, E_SQRT, E_SQUARE, E_ABS, E_TANH, E_RELU,
  A_NEGATE, A_DIV_B, A_MIN_A, A_MIN_B, A_MAX_A, A_MAX_B, A_CLAMP_A, A_CLAMP_LOW, A_CLAMP_HIGH,
  A_WHERE_B, A_WHERE_C, A_SQRT, A_SQUARE, A_ABS, A_TANH, A_RELU
};

static __attribute__((noinline)) void elementwise(int kind, int accumulate, long rows, int broadcast, long lanes, long width,
                                                  float *y, const float *a, const float *b, const float *c, const float *d) {
  long n = width, ys = lanes, as = lanes, bs = lanes, cs = lanes, ds = lanes;
  if (broadcast || width < lanes) {
    if (broadcast & 1) ys = 0;
    if (broadcast & 2) as = 0;
    if (broadcast & 4) bs = 0;
    if (broadcast & 8) cs = 0;
    if (broadcast & 16) ds = 0;
  } else {
    n = rows * lanes;
    rows = 1;
  }
#define A ld(a + i)
#define B ld(b + i)
#define C ld(c + i)
#define D ld(d + i)
#define EACH(KIND, EXPRESSION)                                                        \
  case KIND:                                                                          \
    for (; rows; rows--, y += ys, a += as, b += bs, c += cs, d += ds)                 \
      for (long i = 0; i < n; i += VW) {                                              \
        V e = (EXPRESSION);                                                           \
        st(y + i, accumulate ? ld(y + i) + e : e);                                    \
      }                                                                               \
    break;
  switch (kind) {
    EACH(E_COPY, A)
    EACH(E_ADD, A + B)
    EACH(E_SUB, A - B)
    EACH(E_MUL, A * B)
    EACH(E_DIV, A / B)
    EACH(E_MIN, pick(A <= B, A, pick(B < A, B, A + B)))
    EACH(E_MAX, pick(A >= B, A, pick(B > A, B, A + B)))
    EACH(E_MADD, madd(A, B, C))
    EACH(E_CLAMP, reveal(B, reveal(C, pick(A < B, B, pick(A > C, C, A)))))
    EACH(E_WHERE, pick(A > sp(0), B, pick(A <= sp(0), C, A)))
    EACH(E_EXP, expv(A))
    EACH(E_LOG, logv(A))
    EACH(E_SQRT, root(A))
    EACH(E_SQUARE, A * A)
    EACH(E_ABS, pick(A < sp(0), -A, A))
    EACH(E_TANH, tanhv(A))
    EACH(E_RELU, keep(~(A < sp(0)), A))
    // adjoints: a is the adjoint of the result, then the operands that the derivative needs
    EACH(A_NEGATE, -A)
    EACH(A_DIV_B, -A * B / C)                      // b: result, c: divisor
    EACH(A_MIN_A, reveal(B, reveal(C, keep(B <= C, A))))
    EACH(A_MIN_B, reveal(B, reveal(C, keep(B < C, A)))) // b: the second operand, c: the first
    EACH(A_MAX_A, reveal(B, reveal(C, keep(B >= C, A))))
    EACH(A_MAX_B, reveal(B, reveal(C, keep(B > C, A))))
    EACH(A_CLAMP_A, reveal(B, keep((B >= C) & (B <= D), A)))
    EACH(A_CLAMP_LOW, keep(B < C, A))
    EACH(A_CLAMP_HIGH, keep((B > D) & ~(B < C), A))
    EACH(A_WHERE_B, reveal(B, keep(B > sp(0), A)))
    EACH(A_WHERE_C, reveal(B, keep(B <= sp(0), A)))
    EACH(A_SQRT, A * sp(0.5f) / B)                 // b: result
    EACH(A_SQUARE, A * (B + B))
    EACH(A_ABS, reveal(B, pick(B < sp(0), -A, keep(B > sp(0), A))))
    EACH(A_TANH, A * (sp(1) - B * B))              // b: result
    EACH(A_RELU, reveal(B, keep(B > sp(0), A)))    // b: result
  }
#undef A
#undef B
#undef C
#undef D
}
