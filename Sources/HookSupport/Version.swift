/// The version of preflight; the hooks and `preflight` of one build have the same.
public let preflightVersion = "0.1.0"
