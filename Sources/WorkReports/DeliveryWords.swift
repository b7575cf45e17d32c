import Outbox
import Plan
import Platform
import Reporting

/// One command of the outbox in words and as JSON.
public struct DeliveryWords {
  private let delivery: Delivery
  private let policy: Plan.NotifyPolicy
  /// Seconds since 1970.
  private let now: Int64

  public init(_ delivery: Delivery, _ policy: Plan.NotifyPolicy, now: Int64) {
    self.delivery = delivery
    self.policy = policy
    self.now = now
  }

  public static var columns: [Table.Column] {
    [
      .init("state"), .init("event"), .init("stream"), .init("issue"), .init("command", isFlexible: true),
      .init("what came of it", isFlexible: true),
    ]
  }

  public var cells: [DisplayText] {
    [
      state, "\(event)", "\(delivery.stream ?? "-")", "\(delivery.issue ?? "-")",
      "\(delivery.command(policy).joined(separator: " "))", result,
    ]
  }

  private var event: String {
    switch delivery.occasion {
    case .notice(let event): event.rawValue
    case .afterSync: "after-sync"
    }
  }

  private var state: DisplayText {
    switch delivery.state {
    case .waiting: "waiting"
    case .started: "\("running", .strong)"
    case .done: "\("done", .good)"
    case .failed: "\("failed", .error)"
    case .unseen: "\("cut off", .warning)"
    }
  }

  private var result: DisplayText {
    let remark = DisplayText(bytes: delivery.remark)
    switch delivery.state {
    case .waiting where delivery.attempts > 0:
      let seconds = max(0, delivery.notBefore / 1_000_000_000 - now)
      return "\(delivery.attempts, "attempt") failed (\(remark)), again in \(seconds) s"
    case .waiting, .started: return ""
    case .done: return remark
    case .failed: return "\(delivery.attempts, "attempt"): \(remark)"
    case .unseen: return "nobody saw its end: not run again by itself"
    }
  }

  public var json: JSONValue {
    func time(_ nanoseconds: Int64) -> JSONValue {
      nanoseconds == 0 ? .null : .integer(Int(nanoseconds / 1_000_000_000))
    }
    return [
      "event": .string(event), "stream": JSONValue(delivery.stream), "branch": JSONValue(delivery.branch),
      "issue": JSONValue(delivery.issue), "commit": JSONValue(delivery.sha), "state": .string(delivery.state.rawValue),
      "attempts": .integer(delivery.attempts), "queued": time(delivery.queued), "ended": time(delivery.ended),
      "again": delivery.state == .waiting ? time(delivery.notBefore) : .null,
      "command": .array(delivery.command(policy).map { .string($0) }),
      "directory": .string(delivery.directory.description),
      "output": .string(String(decoding: delivery.remark, as: UTF8.self)),
    ]
  }
}
