@main struct PrePush {
  static func main() {}
}
