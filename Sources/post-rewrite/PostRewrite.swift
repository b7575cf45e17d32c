@main struct PostRewrite {
  static func main() {}
}
