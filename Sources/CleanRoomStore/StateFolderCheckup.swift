import CleanRoomModel
import Foundation

extension StateFolder {
  /// Looks at a state folder without taking it.
  public static func checkup(_ path: String) -> Finding {
    var status = stat()
    guard stat(path, &status) == 0 else { return .ok("state", "\(path) does not exist yet; the daemon makes it") }
    guard status.st_mode & S_IFMT == S_IFDIR, access(path, R_OK | W_OK | X_OK) == 0 else {
      return .fail("state", "\(path) is not a folder that can be written. Correct `state` or its permissions.")
    }
    guard status.st_mode & 0o077 == 0 else {
      return .warn("state", "\(path) can be read by others. Run: chmod 700 \(path)")
    }
    return .ok("state", "\(path) is readable by its owner only")
  }

  /// Whether a daemon holds the folder at this moment.
  public static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path + "/lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }
}
