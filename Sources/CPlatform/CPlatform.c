#define _GNU_SOURCE
#include "CPlatform.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int preflight_pipe(int ends[2]) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

static const int watched[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
enum { watched_count = sizeof watched / sizeof *watched };
static struct sigaction former[watched_count];
static volatile sig_atomic_t noted_signal;
static volatile sig_atomic_t noted_count;

static void note(int signal) {
  if (noted_signal == 0) noted_signal = signal;
  noted_count++;
}

void preflight_watch_signals(void) {
  noted_signal = 0;
  noted_count = 0;
  struct sigaction action = {.sa_handler = note};  // no SA_RESTART: a wait is to be cut short
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < watched_count; i++) {
    sigaction(watched[i], NULL, &former[i]);
    if (former[i].sa_handler != SIG_IGN) sigaction(watched[i], &action, NULL);
  }
}

void preflight_unwatch_signals(void) {
  for (int i = 0; i < watched_count; i++) sigaction(watched[i], &former[i], NULL);
}

int preflight_noted_signal(void) { return noted_signal; }
int preflight_noted_count(void) { return noted_count; }

void preflight_die_of(int signal) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  raise(signal);
  _exit(128 + signal);
}

const void *preflight_find_bytes(const void *bytes, unsigned long count, const void *wanted,
                                 unsigned long wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}

long preflight_take_number(long *number) { return __atomic_fetch_add(number, 1, __ATOMIC_RELAXED); }

static void *run_thread(void *argument) {
  preflight_thread *thread = argument;
  thread->body(thread->context);
  return NULL;
}

int preflight_start_thread(preflight_thread *thread, void *context, void (*body)(void *)) {
  thread->context = context;
  thread->body = body;
  pthread_t id;
  int code = pthread_create(&id, NULL, run_thread, thread);
  if (code == 0) thread->id = (unsigned long)id;
  return code;
}

void preflight_join_thread(preflight_thread *thread) { pthread_join((pthread_t)thread->id, NULL); }
