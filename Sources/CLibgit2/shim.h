// What Swift cannot import from libgit2: variadic functions, and errors that must be read in the failing call.
// Compiles against libgit2 1.5 to 1.9.
#ifndef PREFLIGHT_CLIBGIT2_SHIM_H
#define PREFLIGHT_CLIBGIT2_SHIM_H

#include <git2.h>

_Static_assert(LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 5, "preflight needs libgit2 1.5 or newer, and below 2");
_Static_assert(sizeof(git_oid) == 20, "preflight needs a libgit2 without experimental SHA-256");

/// Starts libgit2 and sets its process-wide options; to be called once, before the first repository is opened.
///
/// The named extensions change nothing in the way we read a repository (we add `config.worktree` ourselves where libgit2
/// does not), but make libgit2 refuse to open it. `objectformat` and `refstorage` are left out: there the refusal is right.
static inline int preflight_libgit2_start(void) {
  int code = git_libgit2_init();
  if (code < 0) return code;
  const char *extensions[] = {"worktreeconfig", "relativeworktrees", "preciousobjects", "partialclone"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, (size_t)(sizeof extensions / sizeof *extensions));
  // libgit2 does not cache trees of 4 KiB and more, and would inflate and hash a wide directory at every visit.
  git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)1 << 20);
  // Hashing what was read is a fifth of reading it. git does not do it either; `git fsck` is for that.
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  return 0;
}

/// Whether libgit2 keeps the commits that are read from now on, as it does at first: whoever keeps them himself need not pay for
/// it twice.
static inline void preflight_libgit2_keep_commits(int enabled) {
  git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT, (size_t)(enabled ? 4096 : 0));
}

/// Turns libgit2's own check of the directory's owner off or on. Only after git itself has accepted the directory:
/// libgit2 before 1.6.1 does not know `safe.directory=*`, and no version reads it from the environment.
static inline int preflight_libgit2_validate_owner(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

#endif
