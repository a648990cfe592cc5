// Gradients summed over the cells in their order, clipped by their norm, and Adam (Kingma and Ba, arXiv 1412.6980).
// `index` runs over the units of all optimised blocks: a policy, a member, or the one shared network. mode: 2 = update.
static void optimise(float *F, int index, int mode) {
  const Head *h = (const Head *)F;
  const Optimised *o = (const Optimised *)(F + h->optimisedAt);
  int unit = index;
  for (;; o++) {
    int units = o->extent == 0 ? h->policies : o->extent == 1 ? h->members : 1;
    if (unit < units) break;
    unit -= units;
  }
  long n = o->count, cells = (long)h->policies * h->members * h->strips;
  float *g = F + o->gradient + unit * n, *value = F + o->values + unit * n, *first = F + o->first + unit * n, *second = F + o->second + unit * n;
  const float *hyper = F + h->hyper;
  for (long i = 0; i < n; i += VW) st(g + i, sp(0));
  for (long c = 0; c < cells; c++) {
    long m = c / h->strips % h->members, k = c / h->strips / h->members;
    if ((o->extent == 0 && k != unit) || (o->extent == 1 && m != unit)) continue;
    const float *cell = F + o->cells + c * n;
    for (long i = 0; i < n; i += VW) st(g + i, ld(g + i) + ld(cell + i));
  }
  double norm = 0;
  for (long i = 0; i < n; i++) norm += (double)g[i] * g[i];
  norm = __builtin_sqrt(norm);
  double *stats = (double *)(F + o->stats) + 2 * unit;
  int finite = norm - norm == 0;
  stats[0] = norm;
  stats[1] = finite ? 0 : 1;
  if (mode < 2 || !finite) return;
  float scale = norm > hyper[8] ? (float)((double)hyper[8] / norm) : 1;
  for (long i = 0; i < n; i += VW) {
    V q = ld(g + i) * sp(scale);
    V a = madd(q, sp(hyper[3]), ld(first + i) * sp(hyper[1])), b = madd(q * q, sp(hyper[4]), ld(second + i) * sp(hyper[2]));
    st(first + i, a);
    st(second + i, b);
    st(value + i, ld(value + i) - sp(hyper[0]) * (a * sp(hyper[5])) / (root(b * sp(hyper[6])) + sp(hyper[7])));
  }
}
