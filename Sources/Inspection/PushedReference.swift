import Git

/// One line of what git tells pre-push: which ref of ours goes to which ref of theirs; see githooks(5).
public struct PushedReference: Hashable, Sendable {
  /// `nil` where git says "(delete)".
  public let localName: String?
  /// What is pushed; `nil`: the remote's ref is deleted.
  public let localID: ObjectID?
  public let remoteName: String
  /// What the remote had when it was asked; `nil`: a new ref.
  public let remoteID: ObjectID?

  /// What `git push` is told to push this once more.
  var refspec: String {
    guard let localName, localName != remoteName else { return remoteName }
    return "\(localName):\(remoteName)"
  }

  /// `local-name SP local-id SP remote-name SP remote-id`, read from the right: a local name may hold spaces.
  ///
  /// `nil` for anything else.
  public init?(line: [UInt8]) {
    var fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 4, let remoteID = fields.popLast(), let remoteName = fields.popLast(),
      let localID = fields.popLast()
    else { return nil }
    func parse(_ hex: [UInt8]) -> ObjectID?? {
      if let id = ObjectID(hex: hex) { return .some(id) }
      let isNone = [40, 64].contains(hex.count) && hex.allSatisfy { $0 == UInt8(ascii: "0") }
      return isNone ? .some(nil) : nil
    }
    guard let local = parse(localID), let remote = parse(remoteID) else { return nil }
    self.localID = local
    self.remoteID = remote
    self.remoteName = String(decoding: remoteName, as: UTF8.self)
    let name = String(decoding: Array(fields.joined(separator: [UInt8(ascii: " ")])), as: UTF8.self)
    localName = local == nil ? nil : name
  }
}
