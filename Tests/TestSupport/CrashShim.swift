import Platform

/// A library that is loaded into `preflight` and every git that it starts, counts the calls that change something on the
/// disk, and kills at the one that it is told, before it happens.
///
/// Not strace: the whole group has to die at the same instant, at a call of any of its processes.
public struct CrashShim {
  public enum Victim: String, CaseIterable, Sendable {
    /// `preflight` alone, at a call of its own: the git that it has started goes on.
    case alone
    /// All processes, at a call of any.
    case group
    /// A git alone, at a call of its own.
    case child
  }

  public let library: FilePath

  public static var isAvailable: Bool {
    #if os(Linux)
      FilePath("/usr/bin/cc").canBeExecuted
    #else
      false
    #endif
  }

  /// Compiles it into `directory`.
  public init(in directory: FilePath) throws {
    library = directory / "crash.so"
    let request = ProcessRequest(
      "/usr/bin/cc", ["-shared", "-fPIC", "-O1", "-w", "-x", "c", "-", "-o", Argument(library), "-ldl"],
      input: Array(Self.source.utf8))
    let result = try ChildProcess.run(request)
    guard result.succeeded else {
      throw UnexpectedExit(description: String(decoding: result.error, as: UTF8.self))
    }
  }

  /// Variables for a command that is to be killed at the given call; 0: only counted.
  public func variables(_ victim: Victim, at call: Int, counter: FilePath) -> [String: String] {
    [
      "LD_PRELOAD": library.description, "CRASH_VICTIM": victim.rawValue, "CRASH_AT": "\(call)",
      "CRASH_COUNTER": counter.description,
    ]
  }

  /// How many calls were counted.
  public static func count(in counter: FilePath) throws -> Int {
    try counter.contents().prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static let source = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <stdarg.h>
    #include <stdatomic.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/stat.h>
    #include <unistd.h>

    static _Atomic long *counter;
    static long target;
    static char victim;
    static int isTop;

    __attribute__((constructor)) static void start(void) {
      const char *file = getenv("CRASH_COUNTER"), *at = getenv("CRASH_AT"), *who = getenv("CRASH_VICTIM");
      if (!file || !at || !who) return;
      victim = who[0];
      target = atol(at);
      isTop = strcmp(program_invocation_short_name, "preflight") == 0;
      int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (fd < 0 || ftruncate(fd, sizeof(long))) return;
      void *memory = mmap(0, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      close(fd);
      if (memory != MAP_FAILED) counter = memory;
    }

    static void tick(void) {
      if (!counter || (victim == 'a' && !isTop) || (victim == 'c' && isTop)) return;
      if (atomic_fetch_add(counter, 1) + 1 != target) return;
      kill(victim == 'g' ? 0 : getpid(), SIGKILL);
      pause();
    }

    static int isFile(int fd) {
      struct stat status;
      return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    }

    #define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

    #define OPEN(name, head, args)                                            \
      int name head {                                                         \
        REAL(name);                                                           \
        mode_t mode = 0;                                                      \
        if (flags & O_CREAT) { va_list list; va_start(list, flags); mode = va_arg(list, mode_t); va_end(list); } \
        if (flags & (O_CREAT | O_TRUNC)) tick();                              \
        return real args;                                                     \
      }
    OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
    OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
    OPEN(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
    OPEN(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))

    #define CALL(result, name, head, args) result name head { REAL(name); tick(); return real args; }
    #define FILE_CALL(result, name, head, args) result name head { REAL(name); if (isFile(fd)) tick(); return real args; }
    FILE_CALL(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
    FILE_CALL(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
    FILE_CALL(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o))
    FILE_CALL(int, ftruncate64, (int fd, off64_t n), (fd, n))
    FILE_CALL(int, fchmod, (int fd, mode_t m), (fd, m))
    CALL(int, rename, (const char *a, const char *b), (a, b))
    CALL(int, link, (const char *a, const char *b), (a, b))
    CALL(int, symlink, (const char *a, const char *b), (a, b))
    CALL(int, unlink, (const char *a), (a))
    CALL(int, mkdir, (const char *a, mode_t m), (a, m))
    CALL(int, rmdir, (const char *a), (a))
    CALL(int, chmod, (const char *a, mode_t m), (a, m))
    CALL(int, utimensat, (int at, const char *a, const struct timespec *t, int f), (at, a, t, f))
    """#
}
