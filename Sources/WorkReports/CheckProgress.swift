import Checks
import Reporting

/// Shows checks while they run: on a terminal a line for each one that runs or waits, written over in place; elsewhere a
/// line for each thing that happens.
public struct CheckProgress {
  /// What is to be written, as it is: lines, and on a terminal the sequences that go back over them.
  public struct Update: Equatable {
    let text: String

    var isEmpty: Bool { text.isEmpty }
  }

  private struct Entry {
    var check: String
    var start: Double
    /// What it waits for; `nil` while it runs.
    var lock: String?
    var holder: CheckLockHolder?
  }

  private let style: OutputStyle
  /// Seconds since 1970 when the monotonic clock was at 0: locks are dated by the wall clock.
  private let epoch: Double
  private var entries: [Entry] = []
  private var shownLines = 0
  private var lastFrame = -Double.infinity

  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - time: the same instant by the clock that `update` is given.
  public init(style: OutputStyle, now: Int64, time: Double) {
    self.style = style
    epoch = Double(now) - time
  }

  /// - Parameter time: seconds on a clock that only goes forward.
  public mutating func update(_ event: CheckEvent, time: Double) -> Update {
    if event == .tick { return style.isInteractive && time >= lastFrame + 0.1 ? frame(time) : Update(text: "") }
    note(event, time)
    if style.isInteractive { return frame(time) }
    return Update(text: plainLine(event, time).map { $0.rendered(withColour: style.usesColour) + "\n" } ?? "")
  }

  /// Removes what is shown, for the summary that follows.
  public mutating func finish() -> Update {
    entries = []
    return style.isInteractive ? frame(lastFrame) : Update(text: "")
  }

  private mutating func note(_ event: CheckEvent, _ time: Double) {
    switch event {
    case .queued, .tick: break
    case .waiting(let check, let lock, let holder):
      let start = entries.first { $0.check == check }?.start ?? time
      replace(Entry(check: check, start: start, lock: lock, holder: holder))
    case .started(let check): replace(Entry(check: check, start: time))
    case .finished(let result): entries.removeAll { $0.check == result.name }
    }
  }

  private mutating func replace(_ entry: Entry) {
    if let index = entries.firstIndex(where: { $0.check == entry.check }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
  }

  private func description(_ lock: String, _ holder: CheckLockHolder?, _ time: Double) -> DisplayText {
    guard let holder else { return "waits for '\(lock)'" }
    let held = duration(max(0, time + epoch - Double(holder.since)))
    return "waits for '\(lock)', held by '\(holder.check)' in \(holder.worktree) for \(held)"
  }

  private func plainLine(_ event: CheckEvent, _ time: Double) -> DisplayText? {
    switch event {
    case .queued, .tick: nil
    case .waiting(let check, let lock, let holder): "\(check): \(description(lock, holder, time))"
    case .started(let check): "\(check): started"
    case .finished(let result):
      "\(result.name): \(result.status.phrase(now: Int64(time + epoch)))\(result.seconds.map { " in \(duration($0))" } ?? "")"
    }
  }

  private static let spinner: [DisplayText] = ["|", "/", "-", "\\"]
  private static let mostLines = 8

  private mutating func frame(_ time: Double) -> Update {
    lastFrame = time
    var text = shownLines > 0 ? "\u{1b}[\(shownLines)A\r\u{1b}[J" : ""
    var lines = entries.prefix(Self.mostLines).map { line($0, time) }
    if entries.count > Self.mostLines { lines.append("  and \(entries.count - Self.mostLines) more") }
    for line in lines {
      let fitting = line.truncated(to: (style.width ?? 80) - 1)  // one that wraps would be two
      text += fitting.rendered(withColour: style.usesColour) + "\n"
    }
    shownLines = lines.count
    return Update(text: text)
  }

  private func line(_ entry: Entry, _ time: Double) -> DisplayText {
    let elapsed = duration(((time - entry.start) * 10).rounded(.down) / 10)
    if let lock = entry.lock { return "  \(entry.check, .strong) \(description(lock, entry.holder, time))" }
    let turn = Int(max(0, time - entry.start) * 10) % Self.spinner.count
    return "\(Self.spinner[turn]) \(entry.check, .strong) \(elapsed)"
  }
}

extension Printer {
  /// Shows an event of a run of checks.
  public func show(_ event: CheckProgress.Update) { if !event.isEmpty { write(event.text) } }
}
