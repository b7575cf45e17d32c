/// A part of a file that is merged as a whole: a statement, an entry, a key with its value, a line between them.
protocol MergeUnit: Hashable {
  associatedtype Identity: Hashable

  /// What makes it the same unit in two versions, whatever else changed; unique within a version. `nil`: only its text does.
  var identity: Identity? { get }
  /// What a unit without a counterpart is looked for by next, where only one on each side has it.
  var nearIdentity: Identity? { get }
  var role: UnitRole { get }
  /// In plain form.
  var text: [UInt8] { get }
  /// Orders additions at one place; the same in every state of the unit.
  var sortKey: [UInt8] { get }

  /// Whether merging this version with another one of the same unit gives this one. `base` is `nil` where both were added.
  func includes(_ other: Self, since base: Self?) -> Bool
}

extension MergeUnit {
  func includes(_ other: Self, since base: Self?) -> Bool { text == other.text }
}

enum UnitRole: Hashable {
  /// What the policy is about.
  case member
  case comment
  case blank
  /// What the policy does not understand.
  case code
}

extension [UInt8] {
  /// Bytewise; a text before its continuations.
  func isOrdered(before other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
}
