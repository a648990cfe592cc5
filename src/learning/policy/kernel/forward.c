// A network in float64, two numbers at a time, for ../forward.ts, which says what is computed: IEEE operations in that order
// and no contraction, so the bits are those of plain code.
typedef double V __attribute__((vector_size(16)));
typedef long long M __attribute__((vector_size(16)));
typedef double U __attribute__((vector_size(16), aligned(8), may_alias)); // loads and stores anywhere
#define INLINE static inline __attribute__((always_inline))

INLINE V ld(const double *p) { return *(const U *)p; }
INLINE void st(double *p, V v) { *(U *)p = v; }
INLINE V sp(double x) { return (V){x, x}; }
INLINE V keep(M m, V v) { return (V)((M)v & m); }
INLINE V pick(M m, V a, V b) { return (V)(((M)a & m) | ((M)b & ~m)); }
INLINE V flip(M signs, V v) { return (V)((M)v ^ signs); }
INLINE V atMost(V limit, V x) { return __builtin_wasm_pmin_f64x2(x, limit); }
INLINE V atLeast(V limit, V x) { return __builtin_wasm_pmax_f64x2(x, limit); }
INLINE V twoTo(V k) { return (V)((M)(k + sp(0x1.8p52 + 1023)) << 52); } // of whole numbers

// tanh as in fdlibm (s_tanh.c, s_expm1.c), and so in V8, to the last bit, with its branches as choices between lanes; of
// expm1 only what tanh asks for.
//
// Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved.
INLINE V hyperbolicTangent(V u) {
  const V one = sp(1), half = sp(0.5);
  V size = __builtin_wasm_abs_f64x2(u), twice = size + size;
  M large = size >= one, minus = ~large & (M)sp(-0.0);

  // y = e^x − 1 of x = 2|u|, or −2|u| where that is below 2: x = k ln 2 + r, and c is what r lost
  V x = flip(minus, twice);
  V k = __builtin_wasm_trunc_f64x2(sp(1.44269504088896338700e+00) * x + flip(minus, half));
  k = pick(twice < sp(0x1.0a2b2p0), -one, k);
  k = keep(twice >= sp(0x1.62e43p-2), k);
  V high = x - k * sp(6.93147180369123816490e-01), low = k * sp(1.90821492927058770002e-10);
  V r = high - low, c = (high - r) - low;
  V halved = half * r, q = r * halved;
  V p = one + q * (sp(-3.33333333333331316428e-02) + q * (sp(1.58730158725481460165e-03) + q * (sp(-7.93650757867487942473e-05)
    + q * (sp(4.00821782732936239552e-06) + q * sp(-2.01099218183624371326e-07)))));
  V t = sp(3) - p * halved;
  V e = q * ((p - t) / (sp(6) - r * t));
  e = r * (e - c) - c - q;
  V d = r - e, scale = twoTo(k), inverse = twoTo(-k);
  V before = pick(large, one - inverse, keep(k <= sp(-2), one));
  V after = atLeast(sp(0), atMost(one, k * sp(-0.5)));
  V y = (before + d) * scale - after;
  M far = k >= sp(20);
  if (__builtin_wasm_any_true_v128(far)) {
    y = pick(far, ((r - (e + inverse)) + one) * scale, y);
    y = pick(k > sp(56), (one + d) * scale - one, y);
  }

  // tanh |u| = 1 − 2 / (y + 2), or −y / (y + 2)
  V z = pick(large, sp(2), -y) / (y + sp(2));
  z = pick(large, one - z, z);
  z = pick(size >= sp(22), one, z);
  z = pick(size < sp(0x1p-28), size, z);
  return pick(u == u, flip((M)u & (M)sp(-0.0), z), u);
}

INLINE V activate(V x, int relu) { return relu ? __builtin_wasm_max_f64x2(sp(0), x) : hyperbolicTangent(x); }

// 2 · pairs outputs, whose sums stay in registers
INLINE void sumInputs(int pairs, const double *from, int inputs, const double *weights, int outputs, const double *biases, double *to) {
  V sum[8];
  _Pragma("GCC unroll 8") for (int n = 0; n < pairs; n++) sum[n] = ld(biases + 2 * n);
  for (int i = 0; i < inputs; i++, weights += outputs) {
    V x = sp(from[i]);
    _Pragma("GCC unroll 8") for (int n = 0; n < pairs; n++) sum[n] += x * ld(weights + 2 * n);
  }
  _Pragma("GCC unroll 8") for (int n = 0; n < pairs; n++) st(to + 2 * n, sum[n]);
}

// sizes: of the inputs and each layer; values: of all of them, one behind the other, the inputs given; parameters: of each
// layer weights [inputs × outputs], then biases
__attribute__((visibility("default"))) void forward(const int *sizes, int layers, int relu, double *values, const double *parameters) {
  for (int layer = 1; layer <= layers; layer++) {
    int inputs = sizes[layer - 1], outputs = sizes[layer], o = 0;
    const double *weights = parameters, *biases = weights + inputs * outputs;
    double *to = values + inputs;
    for (; o + 16 <= outputs; o += 16) sumInputs(8, values, inputs, weights + o, outputs, biases + o, to + o);
    for (; o + 4 <= outputs; o += 4) sumInputs(2, values, inputs, weights + o, outputs, biases + o, to + o);
    for (; o < outputs; o++) {
      double sum = biases[o];
      for (int i = 0; i < inputs; i++) sum += values[i] * weights[i * outputs + o];
      to[o] = sum;
    }
    if (layer < layers) {
      for (o = 0; o + 2 <= outputs; o += 2) st(to + o, activate(ld(to + o), relu));
      if (o < outputs) to[o] = activate(sp(to[o]), relu)[0];
    }
    parameters = biases + outputs;
    values = to;
  }
}
