/// The key in git's configuration under which hooks find `preflight`.
public let programKey = "preflight.program"
