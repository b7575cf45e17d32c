#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// Times as git writes them, and durations that no change of the wall clock disturbs.
public enum Clock {
  /// Seconds since 1970, UTC.
  public static func now() -> Int64 { Int64(time(nil)) }

  /// Nanoseconds since 1970, UTC: comparable with `FileStatus.modified`.
  public static func nowInNanoseconds() -> Int64 {
    var result = timespec()
    clock_gettime(CLOCK_REALTIME, &result)
    return Int64(result.tv_sec) * 1_000_000_000 + Int64(result.tv_nsec)
  }

  /// Seconds since some fixed instant.
  public static func monotonic() -> Double {
    var result = timespec()
    clock_gettime(CLOCK_MONOTONIC, &result)
    return Double(result.tv_sec) + Double(result.tv_nsec) / 1e9
  }

  public static func sleep(seconds: Double) {
    let whole = seconds.rounded(.down)
    var remaining = timespec(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9))
    var request = remaining
    while nanosleep(&request, &remaining) != 0, errno == EINTR { request = remaining }
  }
}
