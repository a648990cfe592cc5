// Portable vectors: VW floats each, IEEE operations only, no contraction, no libm. What a lane computes does not
// depend on VW, so a build with wider vectors gives the same bits.
#ifndef VW
#define VW 4
#endif
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")
typedef float V __attribute__((vector_size(4 * VW)));
typedef int M __attribute__((vector_size(4 * VW)));
typedef float U __attribute__((vector_size(4 * VW), aligned(4), may_alias)); // loads and stores anywhere
typedef float Q __attribute__((vector_size(16)));
typedef float QU __attribute__((vector_size(16), aligned(4), may_alias));

INLINE V ld(const float *p) { return *(const U *)p; }
INLINE void st(float *p, V v) { *(U *)p = v; }
INLINE V sp(float f) { return f - (V){}; } // a plain broadcast: (V){} + f would cost an addition, because of -0
#ifdef FUSED // one rounding, explicitly: each lane's fma becomes one instruction for all
INLINE V madd(V a, V b, V c) {
  V r;
  UNROLL for (int i = 0; i < VW; i++) r[i] = __builtin_fmaf(a[i], b[i], c[i]);
  return r;
}
#else
INLINE V madd(V a, V b, V c) { return a * b + c; } // two roundings: contraction is off
#endif
INLINE V keep(M m, V v) { return (V)((M)v & m); }
INLINE V pick(M m, V a, V b) { return (V)(((M)a & m) | ((M)b & ~m)); }
// limits; a NaN passes. WebAssembly has one instruction for each, which its compiler does not find by itself.
#ifdef __wasm__
INLINE V atMost(V limit, V x) { return __builtin_wasm_pmin_f32x4(x, limit); }
INLINE V atLeast(V limit, V x) { return __builtin_wasm_pmax_f32x4(x, limit); }
#else
INLINE V atMost(V limit, V x) { return pick(x > limit, limit, x); }
INLINE V atLeast(V limit, V x) { return pick(x < limit, limit, x); }
#endif
INLINE V reveal(V x, V y) { return (V)((M)y | ((M)x & (x != x))); } // y, or a NaN where x is one
INLINE V root(V x) {
  V r;
  UNROLL for (int i = 0; i < VW; i++) r[i] = __builtin_sqrtf(x[i]);
  return r;
}

// tanh: quotient of two polynomials in x^2, the widely used float32 form; |error| <= 4e-7, |tanh| <= 1, NaN stays NaN
INLINE V tanhv(V x) {
  const V limit = sp(7.90531110763549805f);
  x = atLeast(-limit, atMost(limit, x));
  V q = x * x, p = sp(-2.76076847742355e-16f), d = sp(1.19825839466702e-06f);
  p = madd(p, q, sp(2.00018790482477e-13f));
  p = madd(p, q, sp(-8.60467152213735e-11f));
  p = madd(p, q, sp(5.12229709037114e-08f));
  p = madd(p, q, sp(1.48572235717979e-05f));
  p = madd(p, q, sp(6.37261928875436e-04f));
  p = madd(p, q, sp(4.89352455891786e-03f));
  d = madd(d, q, sp(1.18534705686654e-04f));
  d = madd(d, q, sp(2.26843463243900e-03f));
  d = madd(d, q, sp(4.89352518554385e-03f));
  return p * x / d;
}

// exp: x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial of degree 6 (Cephes' expf), 2^n through the exponent bits;
// relative error <= 2e-7; infinity above 88.37 (a little before float32 ends, at 88.72), 0 below -87.33 (no denormals),
// NaN stays NaN
INLINE V expv(V x) {
  const V magic = sp(12582912.0f); // 1.5 * 2^23: adding it rounds to an integer, which its low bits then hold
  V c = pick(x > sp(88.3762626647950f), sp(88.3762626647950f), x);
  c = pick(c < sp(-87.3365478515625f), sp(-87.3365478515625f), c);
  c = pick(x == x, c, sp(0));
  V shifted = c * sp(1.44269504088896341f) + magic;
  V n = shifted - magic;
  V r = (c - n * sp(0.693359375f)) - n * sp(-2.12194440e-4f);
  V p = sp(1.9875691500e-4f);
  p = madd(p, r, sp(1.3981999507e-3f));
  p = madd(p, r, sp(8.3334519073e-3f));
  p = madd(p, r, sp(4.1665795894e-2f));
  p = madd(p, r, sp(1.6666665459e-1f));
  p = madd(p, r, sp(5.0000001201e-1f));
  V y = madd(p, r * r, r) + sp(1.0f);
  M power = (((M)shifted & 0x7fffff) - 0x400000 + 127) << 23;
  y = y * (V)power;
  y = pick(x > sp(88.3762626647950f), sp(__builtin_inff()), y);
  y = pick(x < sp(-87.3365478515625f), sp(0), y);
  return pick(x == x, y, x);
}

// log: x = 2^e m with m in [sqrt(1/2), sqrt 2), a polynomial of degree 8 (Cephes' logf); relative error <= 2e-7;
// log 0 = -infinity, log of a negative number = NaN, denormals are scaled first
INLINE V logv(V x) {
  M tiny = x < sp(1.17549435e-38f);
  V scaled = pick(tiny, x * sp(8388608.0f), x);
  M bits = (M)scaled;
  M exponent = ((bits >> 23) & 0xff) - 126;
  V m = (V)((bits & 0x7fffff) | 0x3f000000);
  M low = m < sp(0.707106781186547524f);
  V e = __builtin_convertvector(exponent, V) - keep(low, sp(1.0f)) - keep(tiny, sp(23.0f));
  m = m + keep(low, m) - sp(1.0f);
  V z = m * m, p = sp(7.0376836292e-2f);
  p = madd(p, m, sp(-1.1514610310e-1f));
  p = madd(p, m, sp(1.1676998740e-1f));
  p = madd(p, m, sp(-1.2420140846e-1f));
  p = madd(p, m, sp(1.4249322787e-1f));
  p = madd(p, m, sp(-1.6668057665e-1f));
  p = madd(p, m, sp(2.0000714765e-1f));
  p = madd(p, m, sp(-2.4999993993e-1f));
  p = madd(p, m, sp(3.3333331174e-1f));
  V y = m * z * p + e * sp(-2.12194440e-4f) - sp(0.5f) * z + m + e * sp(0.693359375f);
  y = pick(x == sp(__builtin_inff()), x, y);
  y = pick(x == sp(0), sp(-__builtin_inff()), y);
  y = pick(x < sp(0), sp(__builtin_nanf("")), y);
  return pick(x == x, y, x);
}

// sums in 16 lanes and a fixed tree over them, whatever the vector width
typedef struct { V v[16 / VW]; } Lanes;
INLINE float tree(const Lanes *l) {
  float s[16];
  for (int i = 0; i < 16 / VW; i++) st(s + i * VW, l->v[i]);
  for (int h = 8; h; h >>= 1)
    for (int i = 0; i < h; i++) s[i] += s[i + h];
  return s[0];
}
