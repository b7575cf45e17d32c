// What Swift's Glibc module leaves out because it is built without _GNU_SOURCE, and what must be C: signal handlers.
#ifndef PREFLIGHT_CPLATFORM_H
#define PREFLIGHT_CPLATFORM_H

#include <spawn.h>

/// Since glibc 2.29, musl 1.1.24 and macOS 10.15.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path);

/// A pipe whose ends no child inherits; on macOS two steps, with a gap between them.
int preflight_pipe(int ends[2]);

/// Starts to note SIGHUP, SIGINT, SIGQUIT and SIGTERM instead of dying of them; those that are ignored stay ignored.
void preflight_watch_signals(void);

/// Restores what `preflight_watch_signals` found.
void preflight_unwatch_signals(void);

/// The first signal noted, or 0.
int preflight_noted_signal(void);

/// How many were noted.
int preflight_noted_count(void);

/// Dies of `signal`, as if it had never been caught.
void preflight_die_of(int signal);

/// memmem(3), which glibc shows only to those who ask for GNU's functions.
const void *_Nullable preflight_find_bytes(const void *_Nonnull bytes, unsigned long count, const void *_Nonnull wanted,
                                           unsigned long wanted_count);

/// The number's value before one was added to it, whoever else adds.
long preflight_take_number(long *_Nonnull number);

typedef struct {
  void *_Nullable context;
  void (*_Nullable body)(void *_Nonnull);
  unsigned long id;  // pthread_t, which is a pointer on macOS
} preflight_thread;

/// Starts a thread that calls `body(context)`; 0, else an error number. `thread` must stay where it is until it is joined.
int preflight_start_thread(preflight_thread *_Nonnull thread, void *_Nonnull context,
                           void (*_Nonnull body)(void *_Nonnull));

void preflight_join_thread(preflight_thread *_Nonnull thread);

#endif
