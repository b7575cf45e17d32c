// What Swift's Glibc module leaves out because it is built without _GNU_SOURCE.
#ifndef PREFLIGHT_CPLATFORM_H
#define PREFLIGHT_CPLATFORM_H

#include <spawn.h>

/// Since glibc 2.29, musl 1.1.24 and macOS 10.15.
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path);

#endif
