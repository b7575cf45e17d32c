@main struct PreCommit {
  static func main() {}
}
