import Foundation

public enum StateFolderError: Error, Sendable, Equatable {
  /// Another daemon holds the folder.
  case inUse(String)
  case notWritable(String)
}

/// A daemon's state folder: made if missing (mode 0700) and held by one daemon at a time.
public final class StateFolder: Sendable {
  public let path: String
  private let lock: Int32

  public init(path: String) throws(StateFolderError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .notWritable(path)
    }
    lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw .notWritable(path) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw .inUse(path)
    }
  }

  deinit { close(lock) }

  public func file(_ name: String) -> String { path + "/" + name }
}
