// The kernel as a Node-API addon. Arenas are the addon's own memory: contents are copied in and out, nothing is shared
// with JavaScript. Without static state, so that every thread of Node may load it; an engine belongs to the thread that
// opened it. What each function takes is in ../native.ts, its only caller.
#define NAPI_VERSION 8
#include "host.h"
#include <string.h>
#include "system.h"
#include "glibc.h"
#include "variants.h"
#include "pool.h"

enum { ENGINE = 0x1b12e001, ARENA = 0x1b12e002 };
typedef struct { int kind; Pool *pool; } Engine;
typedef struct { int kind; float *floats; size_t bytes; } Arena;

static napi_value fail(napi_env env, const char *code, const char *message) {
  napi_throw_error(env, code, message);
  return 0;
}
#define REFUSE(message) return fail(env, "unavailable", "native kernel: " message)

// the arguments of a call, exactly n of them
#define ARGUMENTS(n)                                                                        \
  size_t count = n;                                                                         \
  napi_value argument[n];                                                                   \
  if (napi_get_cb_info(env, info, &count, argument, 0, 0) != napi_ok || count != n) REFUSE("arguments")

static void *external(napi_env env, napi_value value, int kind) {
  int *data = 0;
  return napi_get_value_external(env, value, (void **)&data) == napi_ok && data && *data == kind ? data : 0;
}
static int whole(napi_env env, napi_value value, int64_t *result) {
  return napi_get_value_int64(env, value, result) == napi_ok && *result >= 0;
}
static napi_value string(napi_env env, const char *text) {
  napi_value result = 0;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

// () → [processor, arithmetic, processor, …]: what this processor can run, the best first
static napi_value variantsOf(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value list;
  uint32_t length = 0;
  napi_create_array(env, &list);
  for (int best = 1; best >= 0; best--)
    for (int i = 0; i < VARIANTS; i++) {
      if (!canRun(&variants[i]) || isBest(&variants[i]) != best) continue;
      napi_set_element(env, list, length++, string(env, variants[i].processor));
      napi_set_element(env, list, length++, string(env, variants[i].arithmetic));
    }
  return list;
}

static const Variant *variantOf(napi_env env, napi_value processor, napi_value arithmetic) {
  char names[2][16] = {{0}};
  if (napi_get_value_string_utf8(env, processor, names[0], sizeof names[0], 0) != napi_ok || napi_get_value_string_utf8(env, arithmetic, names[1], sizeof names[1], 0) != napi_ok) return 0;
  for (int i = 0; i < VARIANTS; i++)
    if (!strcmp(variants[i].processor, names[0]) && !strcmp(variants[i].arithmetic, names[1]) && canRun(&variants[i])) return &variants[i];
  return 0;
}

static void closeEngine(Engine *engine) {
  if (engine->pool) closePool(engine->pool);
  engine->pool = 0;
}
static void dropEngine(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  closeEngine(data);
  free(data);
}
static void closeArena(Arena *arena) {
  if (arena->floats) freeZeroed(arena->floats, arena->bytes);
  arena->floats = 0;
  arena->bytes = 0;
}
static void dropArena(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  closeArena(data);
  free(data);
}

// (processor, arithmetic) → rows in a panel of packed weights
static napi_value panelRows(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  const Variant *variant = variantOf(env, argument[0], argument[1]);
  if (!variant) REFUSE("not for this processor");
  napi_value result;
  napi_create_int32(env, variant->panelRows(), &result);
  return result;
}

// (processor, arithmetic, threads) → engine
static napi_value open(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  const Variant *variant = variantOf(env, argument[0], argument[1]);
  int64_t threads;
  if (!variant) REFUSE("not for this processor");
  if (!whole(env, argument[2], &threads) || threads < 1 || threads > MAX_THREADS) REFUSE("number of threads");
  Engine *engine = malloc(sizeof *engine);
  Pool *pool = engine ? openPool(variant->task, (int)threads) : 0;
  napi_value result;
  if (!pool || napi_create_external(env, engine, dropEngine, 0, &result) != napi_ok) {
    if (pool) closePool(pool);
    free(engine);
    REFUSE("the system gives no more threads");
  }
  *engine = (Engine){ENGINE, pool};
  return result;
}

// (engine)
static napi_value close(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  Engine *engine = external(env, argument[0], ENGINE);
  if (!engine) REFUSE("not an engine");
  closeEngine(engine);
  return 0;
}

// (floats) → arena of zeros
static napi_value take(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int64_t floats;
  if (!whole(env, argument[0], &floats) || floats == 0 || floats > INT32_MAX) REFUSE("size of an arena");
  Arena *arena = malloc(sizeof *arena);
  size_t bytes = 4 * (size_t)floats;
  float *memory = arena ? zeroed(bytes) : 0;
  napi_value result;
  if (!memory || napi_create_external(env, arena, dropArena, 0, &result) != napi_ok) {
    if (memory) freeZeroed(memory, bytes);
    free(arena);
    return fail(env, "out-of-memory", "native kernel: no memory");
  }
  *arena = (Arena){ARENA, memory, bytes};
  return result;
}

// (arena)
static napi_value giveBack(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  Arena *arena = external(env, argument[0], ARENA);
  if (!arena) REFUSE("not an arena");
  closeArena(arena);
  return 0;
}

// (arena, offset in floats, typed array, elements of it)
static napi_value copy(napi_env env, napi_callback_info info, int in) {
  ARGUMENTS(4);
  Arena *arena = external(env, argument[0], ARENA);
  int64_t offset, elements;
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (!arena || !whole(env, argument[1], &offset) || !whole(env, argument[3], &elements)) REFUSE("arguments of a copy");
  if (napi_get_typedarray_info(env, argument[2], &type, &length, &data, 0, 0) != napi_ok) REFUSE("arguments of a copy");
  size_t size = type == napi_float64_array ? 8 : type == napi_float32_array || type == napi_int32_array ? 4 : 0;
  if (!size || (size_t)elements > length) REFUSE("array of a copy");
  size_t bytes = (size_t)elements * size;
  if ((size_t)offset > arena->bytes / 4 || bytes > arena->bytes - 4 * (size_t)offset) REFUSE("outside the arena");
  float *place = arena->floats + offset;
  if (bytes) memcpy(in ? (void *)place : data, in ? data : (void *)place, bytes);
  return 0;
}
static napi_value writeArena(napi_env env, napi_callback_info info) { return copy(env, info, 1); }
static napi_value readArena(napi_env env, napi_callback_info info) { return copy(env, info, 0); }

// (engine, arena, plan: phase, mode and tasks of each phase, phases)
static napi_value run(napi_env env, napi_callback_info info) {
  ARGUMENTS(4);
  Engine *engine = external(env, argument[0], ENGINE);
  Arena *arena = external(env, argument[1], ARENA);
  int64_t phases;
  napi_typedarray_type type;
  size_t length;
  void *data;
  if (!engine || !engine->pool || !arena || !arena->floats) REFUSE("closed");
  if (!whole(env, argument[3], &phases) || phases > MAX_PHASES) REFUSE("plan");
  if (napi_get_typedarray_info(env, argument[2], &type, &length, &data, 0, 0) != napi_ok || type != napi_int32_array || length < 3 * (size_t)phases) REFUSE("plan");
  Phase plan[MAX_PHASES];
  int used = 0;
  for (int i = 0; i < phases; i++) {
    const int32_t *words = (const int32_t *)data + 3 * i;
    if (words[2] < 0 || words[2] > MAX_TASKS) REFUSE("plan");
    if (words[2] > 0) plan[used++] = (Phase){words[0], words[1], words[2]};
  }
  if (used) carryOut(engine->pool, arena->floats, plan, used);
  return 0;
}

NAPI_MODULE_INIT() {
  if (!findNode()) return 0;
  static const struct { const char *name; napi_callback function; } table[] = {
    {"variants", variantsOf}, {"panelRows", panelRows}, {"open", open}, {"close", close}, {"take", take},
    {"giveBack", giveBack}, {"write", writeArena}, {"read", readArena}, {"run", run},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    napi_value function;
    if (napi_create_function(env, table[i].name, NAPI_AUTO_LENGTH, table[i].function, 0, &function) != napi_ok) return 0;
    if (napi_set_named_property(env, exports, table[i].name, function) != napi_ok) return 0;
  }
  return exports;
}
