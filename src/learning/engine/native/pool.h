// Threads that carry out the phases of a run together. All that they agree on is one word: which run, which phase, and
// the next task of that phase. Whoever finishes the last task of a phase begins the next one. A thread that comes late
// finds another word, so what it claims by an old one fails and nobody ever waits for it.
enum { MAX_THREADS = 256, MAX_PHASES = 10, MAX_TASKS = 0xffffff, OVER = 0xff, SPINS = 2000 };
typedef struct { int phase, mode, tasks; } Phase;
typedef struct Pool Pool;
typedef struct { Pool *pool; int worker; } Helper;
struct Pool {
  Task *task;
  float *arena;
  Phase plan[MAX_PHASES];
  int phases, threads;
  uint64_t word; // run << 32 | phase << 24 | next task
  int finished;  // tasks of the phase
  int sleepers, leaving;
  Mutex mutex;
  Condition changed;
  Helper helpers[MAX_THREADS];
  Thread handles[MAX_THREADS];
};

#define LOAD(x) __atomic_load_n(&(x), __ATOMIC_SEQ_CST)
#define STORE(x, value) __atomic_store_n(&(x), value, __ATOMIC_SEQ_CST)
#define ADD(x, value) __atomic_add_fetch(&(x), value, __ATOMIC_SEQ_CST)
#define PEEK(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define POKE(x, value) __atomic_store_n(&(x), value, __ATOMIC_RELAXED)

static unsigned runOf(uint64_t word) { return (unsigned)(word >> 32); }
static int phaseOf(uint64_t word) { return (int)(word >> 24 & 0xff); }
static int nextOf(uint64_t word) { return (int)(word & 0xffffff); }

// Sets the word and wakes whoever sleeps on it: a sleeper counts itself before it looks once more.
static void advance(Pool *p, uint64_t word) {
  STORE(p->word, word);
  if (LOAD(p->sleepers) == 0) return;
  lock(&p->mutex);
  wakeAll(&p->changed);
  unlock(&p->mutex);
}

// Until the word is another: looks at it for some microseconds, then sleeps.
static void awaitChange(Pool *p, uint64_t seen) {
  for (int i = 0; i < SPINS; i++) {
    if (LOAD(p->word) != seen) return;
    PAUSE();
  }
  lock(&p->mutex);
  ADD(p->sleepers, 1);
  while (LOAD(p->word) == seen && !LOAD(p->leaving)) await(&p->changed, &p->mutex);
  ADD(p->sleepers, -1);
  unlock(&p->mutex);
}

// Works on a run until it is over. @returns the word then
static uint64_t work(Pool *p, unsigned run, int worker) {
  for (;;) {
    uint64_t word = LOAD(p->word);
    int phase = phaseOf(word), next = nextOf(word);
    if (runOf(word) != run || phase == OVER) return word;
    int tasks = PEEK(p->plan[phase].tasks);
    if (next >= tasks) {
      awaitChange(p, word);
      if (LOAD(p->leaving)) return word;
      continue;
    }
    if (!__atomic_compare_exchange_n(&p->word, &word, word + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) continue;
    p->task(p->arena, p->plan[phase].phase, next, worker, p->plan[phase].mode);
    if (ADD(p->finished, 1) < tasks) continue;
    STORE(p->finished, 0);
    advance(p, (uint64_t)run << 32 | (uint64_t)(phase + 1 < p->phases ? phase + 1 : OVER) << 24);
  }
}

static THREAD_RESULT help(void *data) {
  Helper *helper = data;
  Pool *p = helper->pool;
  for (uint64_t word = (uint64_t)OVER << 24; !LOAD(p->leaving);) {
    awaitChange(p, word);
    word = work(p, runOf(LOAD(p->word)), helper->worker);
  }
  return 0;
}

static void closePool(Pool *p) {
  lock(&p->mutex);
  STORE(p->leaving, 1);
  wakeAll(&p->changed);
  unlock(&p->mutex);
  for (int i = 1; i < p->threads; i++) joinThread(p->handles[i]);
  free(p);
}

// @returns 0 when there is no memory, or no threads
static Pool *openPool(Task *task, int threads) {
  Pool *p = calloc(1, sizeof *p);
  if (!p) return 0;
  p->task = task;
  p->word = (uint64_t)OVER << 24;
  makeMutex(&p->mutex);
  makeCondition(&p->changed);
  for (p->threads = 1; p->threads < threads; p->threads++) {
    int i = p->threads;
    p->helpers[i] = (Helper){p, i};
    if (startThread(&p->handles[i], help, &p->helpers[i])) continue;
    closePool(p);
    return 0;
  }
  return p;
}

// All phases on an arena, on all threads; the calling one works as well.
static void carryOut(Pool *p, float *arena, const Phase *plan, int phases) {
  int most = 0;
  for (int i = 0; i < phases; i++) most = plan[i].tasks > most ? plan[i].tasks : most;
  if (p->threads == 1 || most < 2) {
    for (int i = 0; i < phases; i++)
      for (int j = 0; j < plan[i].tasks; j++) p->task(arena, plan[i].phase, j, 0, plan[i].mode);
    return;
  }
  p->arena = arena;
  for (int i = 0; i < phases; i++) {
    POKE(p->plan[i].tasks, plan[i].tasks);
    p->plan[i].phase = plan[i].phase;
    p->plan[i].mode = plan[i].mode;
  }
  p->phases = phases;
  unsigned run = runOf(LOAD(p->word)) + 1;
  advance(p, (uint64_t)run << 32);
  work(p, run, 0);
}
