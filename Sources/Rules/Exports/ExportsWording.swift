import Exports

extension ExportStatement {
  /// How a finding names a statement: by its module, else by its names.
  var shown: String {
    if let module { return "'\(module.shown)'" }
    let shown = names.prefix(3).map { "'\($0.exported.shown)'" }.joined(separator: ", ")
    if names.isEmpty { return "an empty export" }
    return names.count > 3 ? shown + " and \(names.count - 3) more" : shown
  }
}

extension Owners {
  /// `'ws3'`, `'ws1' and 'ws3'`.
  var shown: String { streams.map { "'\($0)'" }.joined(separator: " and ") }
}
