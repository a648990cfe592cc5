// The terms of the loss, where rollouts of different policies and members meet. Scalars are summed in 16 lanes within a
// strip, then in double over strips and members in their order.

INLINE const Term *termsOf(const float *F) { return (const Term *)(F + ((const Head *)F)->termAt); }

// sqrt(epsilon + sum over steps and rows of rowWeight * (x - y)^2) for every lane of a strip
static void laneDistances(const float *x, const float *y, long steps, long rows, long lanes, const float *rowWeights, float epsilon, float *out) {
  for (long b = 0; b < lanes; b += VW) {
    V q = sp(epsilon);
    for (long t = 0; t < steps; t++)
      for (long f = 0; f < rows; f++) {
        V d = ld(x + (t * rows + f) * lanes + b) - ld(y + (t * rows + f) * lanes + b);
        q = madd(d * d, sp(rowWeights[f]), q);
      }
    st(out + b, root(q));
  }
}

#define MAX_LANES 64
static void distances(float *F, long index) {
  const Head *h = (const Head *)F;
  const Tensor *tensor = tensorsOf(F);
  const Term *term = termsOf(F);
  long lanes = h->lanes, s = index % h->strips, m = index / h->strips, t = h->steps, w = 0, k;
  float d[MAX_LANES];
  for (int j = 0; j < h->terms; j++, term++) {
    if (term->kind != DIVERSITY) continue;
    double *out = (double *)(F + term->distances) + index * term->count * term->count;
    k = 0;
    const float *weight = AT(term->weight);
    for (int a = 0; a < term->count; a++)
      for (int b = a + 1; b < term->count; b++) {
        k = a;
        const float *x = AT(term->value);
        k = b;
        const float *y = AT(term->value);
        laneDistances(x, y, h->steps, term->rows, lanes, F + term->rowWeights, term->epsilon, d);
        Lanes sum = {};
        for (long i = 0; i < lanes; i += VW) sum.v[i % 16 / VW] += ld(d + i) * ld(weight + i);
        out[a * term->count + b] = tree(&sum);
      }
  }
}

// The adjoint of the distances, each pair pulled by its coefficient. Where no gradient flows through the series, its
// adjoint is the series itself (see ../lower.ts) and nothing may be written.
static void spread(float *F, long index) {
  const Head *h = (const Head *)F;
  const Tensor *tensor = tensorsOf(F);
  const Term *term = termsOf(F);
  long lanes = h->lanes, s = index % h->strips, m = index / h->strips, t = h->steps, w = 0, k;
  float d[MAX_LANES];
  for (int j = 0; j < h->terms; j++, term++) {
    if (term->kind != DIVERSITY || term->adjoint == term->value) continue;
    float alpha = *(F + h->termWeights + j);
    const float *pulls = F + term->pulls, *rowWeights = F + term->rowWeights;
    k = 0;
    const float *weight = AT(term->weight);
    for (int a = 0; a < term->count; a++)
      for (int b = a + 1; b < term->count; b++) {
        float c = alpha * pulls[a * term->count + b];
        if (c == 0) continue;
        k = a;
        const float *x = AT(term->value);
        float *gx = AT(term->adjoint);
        k = b;
        const float *y = AT(term->value);
        float *gy = AT(term->adjoint);
        laneDistances(x, y, h->steps, term->rows, lanes, rowWeights, term->epsilon, d);
        for (long i = 0; i < lanes; i += VW) st(d + i, sp(c) * ld(weight + i) / ld(d + i));
        for (long r = 0; r < h->steps * term->rows; r++) {
          V v = sp(rowWeights[r % term->rows]);
          for (long i = 0; i < lanes; i += VW) {
            long p = r * lanes + i;
            V g = ld(d + i) * v * (ld(x + p) - ld(y + p));
            st(gx + p, ld(gx + p) + g);
            st(gy + p, ld(gy + p) - g);
          }
        }
      }
  }
}

// the lesser distance, a NaN being the least of all so that it shows
INLINE int nearer(double d, double than) { return d < than || (d != d && than == than); }
INLINE double capped(double d, double cap) { return d >= cap ? cap : d; }

// distances summed over members and strips, the nearest partners, each policy's term, and what pulls each pair apart
static void diversity(float *F, const Term *term, double *values) {
  const Head *h = (const Head *)F;
  int n = term->count;
  double *D = (double *)(F + term->distances);
  float *pulls = F + term->pulls;
  for (int i = 0; i < n * n; i++) pulls[i] = 0;
  for (int a = 0; a < n; a++)
    for (int b = a + 1; b < n; b++) {
      double sum = 0;
      for (int c = 0; c < h->members * h->strips; c++) sum += D[c * n * n + a * n + b];
      D[a * n + b] = D[b * n + a] = sum;
    }
  if (n < 2) return;
  int closestA = 0, closestB = 1;
  for (int a = 0; a < n; a++) {
    int nearest = !a;
    double sum = 0;
    for (int b = 0; b < n; b++) {
      if (b == a) continue;
      double d = D[a * n + b];
      if (nearer(d, D[a * n + nearest])) nearest = b;
      if (a < b && nearer(d, D[closestA * n + closestB])) { closestA = a; closestB = b; }
      sum += capped(d, term->cap);
      if (term->measure == LSED && !(d >= term->cap) && a < b) pulls[a * n + b] = -2.0f / (float)(n - 1);
    }
    double d = D[a * n + nearest];
    if (term->measure == MIN_LSED) {
      values[a * h->members] = -capped(d, term->cap);
      if (!(d >= term->cap)) pulls[a < nearest ? a * n + nearest : nearest * n + a] -= 1;
    } else if (term->measure == LSED) values[a * h->members] = -sum / (n - 1);
  }
  if (term->measure != MIN_LSED_GLOBAL) return;
  double d = D[closestA * n + closestB];
  for (int a = 0; a < n; a++) values[a * h->members] = -capped(d, term->cap);
  if (!(d >= term->cap)) pulls[closestA * n + closestB] = -(float)n;
}

static void terms(float *F, int gradient) {
  const Head *h = (const Head *)F;
  const Tensor *tensor = tensorsOf(F);
  const Term *term = termsOf(F);
  long lanes = h->lanes, t = h->steps, w = 0;
  for (int j = 0; j < h->terms; j++, term++) {
    double *values = (double *)(F + h->termValues) + j * h->policies * h->members;
    float alpha = F[h->termWeights + j] * term->coefficient;
    for (int i = 0; i < h->policies * h->members; i++) values[i] = 0;
    if (term->kind == DIVERSITY) { diversity(F, term, values); continue; }
    for (long k = 0; k < h->policies; k++)
      for (long s = 0; s < h->strips; s++) {
        if (term->kind == SUM) {
          for (long m = 0; m < h->members; m++) {
            const float *x = AT(term->value), *weight = AT(term->weight);
            float *g = AT(term->adjoint);
            Lanes sum = {};
            for (long i = 0; i < lanes; i += VW) {
              sum.v[i % 16 / VW] += ld(x + i) * ld(weight + i);
              if (gradient) st(g + i, ld(g + i) + sp(alpha) * ld(weight + i));
            }
            values[k * h->members + m] += (double)term->coefficient * tree(&sum);
          }
          continue;
        }
        for (long i = 0; i < lanes; i++) { // the member with the least value, ties to the lower index
          long least = 0, m = 0;
          float x = AT(term->value)[i];
          for (m = 1; m < h->members; m++) {
            float v = AT(term->value)[i];
            if (v < x || (v != v && x == x)) { x = v; least = m; } // a NaN is the worst of all
          }
          m = least;
          float weight = AT(term->weight)[i];
          values[k * h->members] += (double)term->coefficient * ((double)weight * x);
          if (gradient) AT(term->adjoint)[i] += alpha * weight;
        }
      }
  }
}
