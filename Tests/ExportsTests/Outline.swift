import Exports

/// A barrel as a person would list it: one line an item.
func outline(_ text: String, _ language: Language = .typeScript) -> [String] {
  let barrel = Barrel(Array(text.utf8), language: language)
  return barrel.items.map { item in
    switch item.content {
    case .statement(let statement): "live " + describe(statement)
    case .stub(let stub): "stub " + describe(stub.statement)
    case .comment: "comment"
    case .blank: "blank"
    case .other: "other"
    }
  }
}

private func describe(_ statement: ExportStatement) -> String {
  var names = statement.names.map { name in
    let text = name.exported == name.original ? name.exported.shown : "\(name.original.shown)>\(name.exported.shown)"
    return name.isTypeOnly ? "type \(text)" : text
  }
  if statement.isTypeOnly { names.insert("types:", at: 0) }
  let module = statement.module.map { "from \($0.shown)" }
  return (["\(statement.kind)"] + names + [module].compactMap { $0 }).joined(separator: " ")
}
