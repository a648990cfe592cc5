// What differs between systems: threads that sleep, and memory.
#include <stdint.h>
#include <stdlib.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <malloc.h>
#include <windows.h>
typedef SRWLOCK Mutex;
typedef CONDITION_VARIABLE Condition;
typedef HANDLE Thread;
#define THREAD_RESULT DWORD WINAPI
static void makeMutex(Mutex *m) { InitializeSRWLock(m); }
static void lock(Mutex *m) { AcquireSRWLockExclusive(m); }
static void unlock(Mutex *m) { ReleaseSRWLockExclusive(m); }
static void makeCondition(Condition *c) { InitializeConditionVariable(c); }
static void await(Condition *c, Mutex *m) { SleepConditionVariableSRW(c, m, INFINITE, 0); }
static void wakeAll(Condition *c) { WakeAllConditionVariable(c); }
static int startThread(Thread *t, LPTHREAD_START_ROUTINE body, void *data) { return (*t = CreateThread(0, 0, body, data, 0, 0)) != 0; }
static void joinThread(Thread t) { WaitForSingleObject(t, INFINITE); CloseHandle(t); }
static void *zeroed(size_t bytes) { return VirtualAlloc(0, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE); }
static void freeZeroed(void *p, size_t bytes) { (void)bytes; VirtualFree(p, 0, MEM_RELEASE); }
#else
#include <pthread.h>
#include <sys/mman.h>
typedef pthread_mutex_t Mutex;
typedef pthread_cond_t Condition;
typedef pthread_t Thread;
#define THREAD_RESULT void *
enum { LARGE_PAGE = 1 << 21 };
static void makeMutex(Mutex *m) { pthread_mutex_init(m, 0); }
static void lock(Mutex *m) { pthread_mutex_lock(m); }
static void unlock(Mutex *m) { pthread_mutex_unlock(m); }
static void makeCondition(Condition *c) { pthread_cond_init(c, 0); }
static void await(Condition *c, Mutex *m) { pthread_cond_wait(c, m); }
static void wakeAll(Condition *c) { pthread_cond_broadcast(c); }
static int startThread(Thread *t, void *(*body)(void *), void *data) { return pthread_create(t, 0, body, data) == 0; }
static void joinThread(Thread t) { pthread_join(t, 0); }
// From the system and back to it, page by page as they are touched; in large pages where there are any, since a search
// walks through all of it forward and back.
static void *zeroed(size_t bytes) {
  void *p = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return 0;
#ifdef MADV_HUGEPAGE
  if (bytes >= LARGE_PAGE) madvise(p, bytes, MADV_HUGEPAGE); // a wish: what it returns does not matter
#endif
  return p;
}
static void freeZeroed(void *p, size_t bytes) { munmap(p, bytes); }
#endif

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("isb")
#else
#define PAUSE() ((void)0)
#endif
