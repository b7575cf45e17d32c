import Platform
import Policies

/// What `merge.preflight.driver` holds: the command with which git merges our shared files; see "Defining a custom merge
/// driver" in gitattributes(5).
public enum DriverCommand {
  public static let key = "merge.\(DriverBlock.driver).driver"

  /// git gives it to `sh`, with every `%P` and the like quoted already. Where `program` is gone, or has failed, the file is
  /// merged as text: git would take the missing program for a conflict, and leave our side there as if it were all.
  public static func text(_ program: FilePath) -> String {
    let program = shellQuoted(program).split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    return "\(program) %O %A %B %L %P %S %X %Y; s=$?; [ $s -le 1 ] && exit $s; "
      + "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1"
  }
}
