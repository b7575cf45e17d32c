import Plan

/// The scope is one of the plan's, where it lists any, and is there, where it requires one.
enum ScopeRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard case .success(let header) = judged.header else { return [] }
    let message = judged.message
    let scopes = judged.policy.scopes
    var text: String
    var position = header.type.upperBound
    switch judged.policy.verdict(onScope: header.scope.map { Array(message.bytes[$0]) }) {
    case .fine: return []
    case .missing: text = "the scope is missing"
    case .unknown(let scope, _):
      text = "unknown scope '\(message.shown(scope))'"
      position = header.scope?.lowerBound ?? position
    }
    if let correction = HeaderCorrection(of: message.header, policy: judged.policy) {
      text += "; did you mean '\(message.shown(correction.header))'?"
    } else if !scopes.isEmpty {
      text += "; use one of \(scopes.joined(separator: ", "))"
    }
    return [MessageFault(rule: "message.scope", text: text, position: position)]
  }
}

enum ScopeVerdict: Hashable, Sendable {
  case fine
  /// With the scope that it must be, where the plan knows only one.
  case missing(only: [UInt8]?)
  /// The part that the plan does not know, and the whole scope with the nearest ones that it does.
  case unknown([UInt8], corrected: [UInt8]?)
}

extension Plan.CommitPolicy {
  /// Several scopes are written with commas, or with slashes where the plan does not list the whole as one.
  func verdict(onScope scope: [UInt8]?) -> ScopeVerdict {
    guard let scope else {
      guard requiresScope else { return .fine }
      return .missing(only: scopes.count == 1 ? Array(scopes[0].utf8) : nil)
    }
    if scopes.isEmpty { return .fine }
    var unknown: [UInt8]?
    var corrected: [[UInt8]]? = []
    for part in scope.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(\.trimmed) {
      let names = contains(part) ? [part] : part.split(separator: UInt8(ascii: "/")).map(\.trimmed)
      if !names.isEmpty, names.allSatisfy(contains) {
        corrected?.append(Array(part))
        continue
      }
      unknown = unknown ?? Array(names.first { !contains($0) } ?? part)
      let nearest = names.count > 1 ? nil : Spelling.nearest(to: String(decoding: part, as: UTF8.self), among: scopes)
      if let nearest { corrected?.append(Array(nearest.utf8)) } else { corrected = nil }
    }
    guard let unknown else { return .fine }
    return .unknown(unknown, corrected: corrected.map { Array($0.joined(separator: [UInt8(ascii: ",")])) })
  }

  private func contains(_ scope: ArraySlice<UInt8>) -> Bool {
    scopes.contains { scope.equalsIgnoringCase($0.utf8) }
  }
}
