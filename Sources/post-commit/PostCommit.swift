@main struct PostCommit {
  static func main() {}
}
