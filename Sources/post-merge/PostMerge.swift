@main struct PostMerge {
  static func main() {}
}
