// The kernel as it was compiled for each kind of processor and arithmetic, and which of them this processor can run.
typedef void Task(float *arena, int phase, int index, int worker, int mode);
typedef struct { const char *processor, *arithmetic; Task *task; int (*panelRows)(void); } Variant;

#define DECLARE(processor, arithmetic) \
  Task task_##processor##_##arithmetic; \
  int panelRows_##processor##_##arithmetic(void)
#define VARIANT(processor, arithmetic) {#processor, #arithmetic, task_##processor##_##arithmetic, panelRows_##processor##_##arithmetic}

#if defined(__x86_64__)
#include <cpuid.h>
DECLARE(avx2, portable);
DECLARE(avx2, fused);
DECLARE(avx512, portable);
DECLARE(avx512, fused);
static const Variant variants[] = {VARIANT(avx512, portable), VARIANT(avx512, fused), VARIANT(avx2, portable), VARIANT(avx2, fused)};

// The registers of vectors that the operating system saves: bits 1 and 2 for AVX, 5 to 7 for AVX-512.
static unsigned savedRegisters(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

// AVX2 with FMA, and what level 4 of x86-64 adds: AVX-512 F, CD, BW, DQ and VL
static int canRun(const Variant *v) {
  unsigned a, b, c, d, extended;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  const unsigned fma = 1u << 12, movbe = 1u << 22, osxsave = 1u << 27, avx = 1u << 28, f16c = 1u << 29, needed = fma | movbe | osxsave | avx | f16c;
  if ((c & needed) != needed || (savedRegisters() & 6) != 6) return 0;
  if (!__get_cpuid_count(7, 0, &a, &extended, &c, &d)) return 0;
  const unsigned avx2 = 1u << 5, bmi = 1u << 3 | 1u << 8;
  if ((extended & (avx2 | bmi)) != (avx2 | bmi)) return 0;
  if (v->processor[3] == '2') return 1;
  const unsigned wide = 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  return (extended & wide) == wide && (savedRegisters() & 0xe6) == 0xe6;
}

// AMD's family 0x19 (Zen 3, Zen 4) carries a vector of 512 bits through units of 256. A fused multiply-add loses nothing by
// that; a multiplication and an addition, which go to units of their own, reach 86 GFLOP/s in 512 bits and 107 in 256.
static int isBest(const Variant *v) {
  unsigned a, b, c, d;
  if (v->processor[3] == '2' || strcmp(v->arithmetic, "portable") || !__get_cpuid(0, &a, &b, &c, &d) || memcmp(&c, "cAMD", 4)) return 1;
  return !__get_cpuid(1, &a, &b, &c, &d) || (a >> 8 & 15) + (a >> 20 & 255) != 0x19;
}
#elif defined(__aarch64__)
DECLARE(neon, portable);
DECLARE(neon, fused);
static const Variant variants[] = {VARIANT(neon, portable), VARIANT(neon, fused)};
static int canRun(const Variant *v) { (void)v; return 1; } // every 64-bit ARM has NEON
static int isBest(const Variant *v) { (void)v; return 1; }
#else
#error "There is no native kernel for this kind of processor."
#endif

enum { VARIANTS = sizeof variants / sizeof *variants };
