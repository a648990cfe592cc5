// glibc 2.34 moved its threads into the C library and gave them a new version beside the old one, which is still there and the same. By the
// old one, an addon that this computer's compiler makes is loaded by every glibc from 2.17 on, as those are that zig makes.
#if defined(__GLIBC__) && __GLIBC__ * 100 + __GLIBC_MINOR__ >= 234
#if defined(__x86_64__)
#define OLD_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLD_GLIBC "GLIBC_2.17"
#endif
#ifdef OLD_GLIBC
__asm__(".symver pthread_create, pthread_create@" OLD_GLIBC);
__asm__(".symver pthread_join, pthread_join@" OLD_GLIBC);
#endif
#endif
