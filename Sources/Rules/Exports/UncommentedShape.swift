import Exports

/// `stubs = "uncomment"`: the two files side by side, item by item.
struct UncommentedShape {
  let change: ExportsChange
  let reference: BarrelVersion

  init(_ change: ExportsChange, _ reference: BarrelVersion) {
    self.change = change
    self.reference = reference
  }

  /// The index of the first staged line that breaks the shape; `nil` where it holds.
  var deviation: Int? {
    let staged = change.staged.barrel
    let ownComments = ownComments
    var position = 0
    for index in reference.barrel.items.indices {
      if ownComments.contains(index) {
        // Its wording is the stream's: whatever comment stands in its place.
        while position < staged.items.count, staged.items[position].content == .comment { position += 1 }
        continue
      }
      guard position < staged.items.count else { return change.staged.lines.count }
      guard isSame(index, position) || isBroughtToLife(index, staged.items[position]) else {
        return staged.items[position].lines.lowerBound - 1
      }
      position += 1
    }
    return position < staged.items.count ? staged.items[position].lines.lowerBound - 1 : nil
  }

  private var ownComments: Set<Int> {
    let own = reference.ownership.blocks.filter { $0.isCertain && change.isOwn($0.owners) }
    return Set(own.flatMap { $0.items.filter { reference.barrel.items[$0].content == .comment } })
  }

  private func isSame(_ index: Int, _ staged: Int) -> Bool {
    reference.isSame(index, as: staged, of: change.staged)
  }

  /// A stub that nobody owns as well: that it was brought to life is another rule's matter.
  private func isBroughtToLife(_ index: Int, _ live: Barrel.Item) -> Bool {
    let owners = reference.ownership.owners[index]
    guard live.liveStatement != nil, owners == nil || change.isOwn(owners) else { return false }
    return reference.barrel.items[index].stub?.isBroughtToLife(as: live, in: change.staged.barrel) ?? false
  }
}
