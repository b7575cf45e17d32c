@main struct CommitMsg {
  static func main() {}
}
