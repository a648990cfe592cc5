// Rows of tables that the host keeps behind the program, gathered into inputs: lane l of a strip gets the row that the host
// chose for it, feature-major as everything. What is gathered is told by words that ../keptTables.ts writes; it checks every
// number in them and every chosen row, the kernel none.
typedef struct { int rows, parts; } Gathered; // offset of the chosen rows, int [members][strips][lanes]; parts that follow
typedef struct {
  int to, ms, ss;              // where the part's first feature goes: offset, stride of members, of strips
  int width, numbers, firsts;  // features; offsets of the table's floats and of where its rows begin among them, int [rows]
} Part;

// four features of four rows, turned: what is written is `lanes` apart
INLINE void turn(const float *a, const float *b, const float *c, const float *d, float *y, long lanes) {
  Q p = *(const QU *)a, q = *(const QU *)b, r = *(const QU *)c, s = *(const QU *)d;
  UNROLL for (int i = 0; i < 4; i++) *(QU *)(y + i * lanes) = (Q){p[i], q[i], r[i], s[i]};
}

// index: member, strip
static void gather(float *F, long index, long at) {
  const Head *h = (const Head *)F;
  const Gathered *g = (const Gathered *)(F + at);
  const Part *part = (const Part *)(g + 1);
  long lanes = h->lanes, m = index / h->strips, s = index % h->strips;
  const int *rows = (const int *)(F + g->rows) + index * lanes;
  for (int n = g->parts; n--; part++) {
    const float *numbers = F + part->numbers;
    const int *firsts = (const int *)(F + part->firsts);
    float *to = F + part->to + m * part->ms + s * part->ss;
    for (long l = 0; l < lanes; l += 4) {
      const float *a = numbers + firsts[rows[l]], *b = numbers + firsts[rows[l + 1]], *c = numbers + firsts[rows[l + 2]], *d = numbers + firsts[rows[l + 3]];
      float *y = to + l;
      long f = 0;
      for (; f + 4 <= part->width; f += 4) turn(a + f, b + f, c + f, d + f, y + f * lanes, lanes);
      for (; f < part->width; f++) {
        float *z = y + f * lanes;
        z[0] = a[f], z[1] = b[f], z[2] = c[f], z[3] = d[f];
      }
    }
  }
}
