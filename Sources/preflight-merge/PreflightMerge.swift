import HookRules

/// git runs `preflight-merge %O %A %B %L %P %S %X %Y` for a shared file that both sides have changed. See gitattributes(5).
@main struct PreflightMerge {
  static func main() { runMergeDriver() }
}
