/// What one export statement says, without how it is written.
public struct ExportStatement: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// All of a module: `export * from`, `from .x import *`, `pub use x::*`, `@_exported import X`.
    case star
    /// A module under one name: `export * as ns from`.
    case namespace
    /// Names, from a module or (where `module` is `nil`) from the file itself.
    case named
    /// Rust's `pub mod x;`.
    case submodule
    /// `export const x = …`, `export default class …`: what is exported is written here.
    case declaration
    /// Python's `__all__`.
    case list
  }

  /// One exported name.
  public struct Name: Hashable, Sendable {
    /// As users of the barrel see it; `default` for a default export, `*` for all of what `original` names.
    public var exported: [UInt8]
    /// As its module has it.
    public var original: [UInt8]
    /// TypeScript's `export { type A }`.
    public var isTypeOnly: Bool

    public init(_ exported: [UInt8], original: [UInt8]? = nil, isTypeOnly: Bool = false) {
      self.exported = exported
      self.original = original ?? exported
      self.isTypeOnly = isTypeOnly
    }
  }

  public var kind: Kind
  /// In the order written; empty for `star` and `submodule`.
  public var names: [Name]
  /// As written, without quotes: `./database/migration.js`, `.models`, `crate::api`, `Foundation`.
  public var module: [UInt8]?
  /// TypeScript's `export type { … }`, `export type *`.
  public var isTypeOnly: Bool

  public init(_ kind: Kind, names: [Name] = [], module: [UInt8]? = nil, isTypeOnly: Bool = false) {
    self.kind = kind
    self.names = names
    self.module = module
    self.isTypeOnly = isTypeOnly
  }

  /// What makes two statements one and the same: everything but the order of the names.
  public struct Identity: Hashable, Sendable {
    public let kind: Kind
    public let names: Set<Name>
    public let module: [UInt8]?
    public let isTypeOnly: Bool

    /// Of most statements the module says it all, and it is hashed in one go; sets of names take their time.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(kind)
      hasher.combine(names.count)
      guard let module else { return hasher.combine(names) }
      module.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  public var identity: Identity {
    Identity(kind: kind, names: Set(names), module: module, isTypeOnly: isTypeOnly)
  }
}
