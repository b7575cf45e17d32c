/// Why a story does not go on.
public enum StoryEnd: Error, Equatable {
  /// What came of a step is not what must come of it.
  case unexpected(String)
  /// Somebody wants this process to end.
  case interrupted(signal: Int32)
}
