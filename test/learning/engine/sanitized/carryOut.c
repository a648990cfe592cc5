// The kernel under the address and undefined-behaviour sanitizers: reads runs from stdin, carries each out on an arena of
// exactly its size, and writes the arena to stdout. A run: floats, threads, phases (int), the plan's words, the arena.
#include <stdio.h>
#include "system.h"
typedef void Task(float *arena, int phase, int index, int worker, int mode);
Task task;
#include "pool.h"

static void take(void *into, size_t bytes) {
  if (fread(into, 1, bytes, stdin) != bytes) exit(2);
}

int main(void) {
  int head[3];
  while (fread(head, sizeof *head, 3, stdin) == 3) {
    Phase plan[MAX_PHASES], order[MAX_PHASES];
    int used = 0;
    for (int i = 0; i < head[2]; i++) {
      int words[3];
      take(words, sizeof words);
      plan[i] = (Phase){words[0], words[1], words[2]};
      if (plan[i].tasks > 0) order[used++] = plan[i];
    }
    size_t bytes = 4 * (size_t)head[0];
    float *arena = malloc(bytes);
    take(arena, bytes);
    Pool *pool = openPool(task, head[1]);
    if (!pool) return 3;
    carryOut(pool, arena, order, used);
    closePool(pool);
    if (fwrite(arena, 1, bytes, stdout) != bytes) return 4;
    free(arena);
  }
  return 0;
}
