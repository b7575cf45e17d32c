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
  /// What is told of each row below it.
  private var remarks: [[DisplayText]] = []
  /// Whether the titles are shown.
  public var hasHeader: Bool

  public init(_ columns: [Column], hasHeader: Bool = true) {
    self.columns = columns
    self.hasHeader = hasHeader
  }

  /// - Parameter remarks: told on lines below the row, as many on one as there is room for.
  public mutating func append(_ row: [DisplayText], below remarks: [DisplayText] = []) {
    precondition(row.count == columns.count, "a cell for every column")
    rows.append(row)
    self.remarks.append(remarks)
  }

  /// Columns of a terminal in which nothing is cut.
  public var naturalWidth: Int {
    let widths = widths(of: header + rows, within: nil)
    return widths.reduce(0, +) + Self.gap * (widths.count - 1)
  }

  private var header: [[DisplayText]] { hasHeader ? [columns.map { $0.title.emphasized(.strong) }] : [] }

  /// - Parameter width: columns of the terminal; `nil`: nothing is cut.
  public func lines(width: Int?) -> [DisplayText] {
    let widths = widths(of: header + rows, within: width)
    var lines = header.map { line($0, widths) }
    for (row, remarks) in zip(rows, remarks) {
      lines.append(line(row, widths))
      lines += Self.packed(remarks, within: width).map { .spaces(Self.indent) + $0 }
    }
    return width.map { width in lines.map { $0.truncated(to: width) } } ?? lines
  }

  /// As many on a line as there is room for, in their order.
  private static func packed(_ remarks: [DisplayText], within width: Int?) -> [DisplayText] {
    var lines: [DisplayText] = []
    for remark in remarks {
      if let last = lines.last, indent + last.width + ", ".count + remark.width <= width ?? .max {
        lines[lines.count - 1] = last + ", " + remark
      } else {
        lines.append(remark)
      }
    }
    return lines
  }

  private static let gap = 2
  private static let indent = 4
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
