// The most that an instruction set can do: chains of multiply-adds in registers that wait for nothing but themselves. Width of
// vectors and arithmetic are what it is compiled with, as in the kernel.
#include "vector.h"

// Two units times the latency of a multiplication and an addition; with both factors they fit in 16 registers.
enum { CHAINS = 12 };

// @returns a number that all chains are in, so that none can be left out
__attribute__((visibility("default"))) float chains(int rounds, float factor, float summand) {
  V a[CHAINS], by = sp(factor), plus = sp(summand), all = sp(0);
  UNROLL for (int i = 0; i < CHAINS; i++) a[i] = sp((float)i);
  for (; rounds; rounds--) UNROLL for (int i = 0; i < CHAINS; i++) a[i] = madd(a[i], by, plus);
  UNROLL for (int i = 0; i < CHAINS; i++) all += a[i];
  return all[0];
}

__attribute__((visibility("default"))) int operationsInRound(void) { return 2 * VW * CHAINS; }

#ifndef __wasm__ // prints the best GFLOP/s of slices of time, for as many seconds as are asked for
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
int main(int words, char **word) {
  double best = 0, end = now() + (words > 1 ? atof(word[1]) : 1);
  volatile int rounds = 1 << 18; // read anew for each slice, so that every slice is computed
  for (double begin = now(); begin < end;) {
    volatile float result = chains(rounds, 0.5f, 1);
    (void)result;
    double next = now(), speed = 1e-9 * operationsInRound() * rounds / (next - begin);
    if (speed > best) best = speed;
    begin = next;
  }
  printf("%f\n", best);
  return 0;
}
#endif
