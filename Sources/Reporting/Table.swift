/// Rows under titles, as wide as they must be and no wider than there is room.
public struct Table {
  public struct Column {
    public enum Alignment: Sendable {
      case left
      case right
    }

    public var title: DisplayText
    public var alignment: Alignment
    /// Whether its cells may be cut where there is no room for all.
    public var isFlexible: Bool
    public var cut: DisplayText.Cut

    public init(
      _ title: DisplayText, _ alignment: Alignment = .left, isFlexible: Bool = false,
      cutting cut: DisplayText.Cut = .end
    ) {
      self.title = title
      self.alignment = alignment
      self.isFlexible = isFlexible
      self.cut = cut
    }
  }

  public var columns: [Column]
  /// As many cells each as there are columns.
  public private(set) var rows: [[DisplayText]] = []
  /// Whether the titles are shown.
  public var hasHeader: Bool

  public init(_ columns: [Column], hasHeader: Bool = true) {
    self.columns = columns
    self.hasHeader = hasHeader
  }

  public mutating func append(_ row: [DisplayText]) {
    precondition(row.count == columns.count, "a cell for every column")
    rows.append(row)
  }

  /// - Parameter width: columns of the terminal; `nil`: nothing is cut.
  public func lines(width: Int?) -> [DisplayText] {
    let header = hasHeader ? [columns.map { $0.title.emphasized(.strong) }] : []
    let widths = widths(of: header + rows, within: width)
    return (header + rows).map { row in
      let line = self.line(row, widths)
      return width.map { line.truncated(to: $0) } ?? line
    }
  }

  private static let gap = 2
  private static let leastWidth = 6

  private func widths(of lines: [[DisplayText]], within width: Int?) -> [Int] {
    var widths = columns.indices.map { column in lines.map { $0[column].width }.max() ?? 0 }
    guard let width else { return widths }
    // Always from the widest: the others stay whole as long as can be.
    while widths.reduce(0, +) + Self.gap * (widths.count - 1) > width {
      let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Self.leastWidth }
      guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  private func line(_ row: [DisplayText], _ widths: [Int]) -> DisplayText {
    var line = DisplayText()
    var pending = 0  // spaces are written before the next text only: no line ends in them
    for (index, column) in columns.enumerated() {
      let cell = row[index].truncated(to: widths[index], cutting: column.cut)
      let padding = widths[index] - cell.width
      if column.alignment == .right { pending += padding }
      if !cell.isEmpty {
        line += .spaces(pending) + cell
        pending = 0
      }
      pending += Self.gap + (column.alignment == .left ? padding : 0)
    }
    return line
  }
}
