/// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `3 days`.
public func duration(_ seconds: Double) -> String {
  if seconds < 9.95 {
    let tenths = Int((max(0, seconds) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) s"
  }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s") }
  let minutes = whole / 60
  if minutes < 1440 { return "\(minutes / 60) h" + (minutes % 60 == 0 ? "" : " \(minutes % 60) min") }
  return minutes < 2880 ? "1 day" : "\(minutes / 1440) days"
}
