import Foundation
import Logging
import NIOCore
import NIOSSL

/// Writes down the TLS secrets of this daemon's links in the NSS key log format, so that a recording of its sockets can
/// be decrypted and searched. For demonstrations and tests: whoever has the file and a recording can read the data.
final class LinkKeyLog: Sendable {
  /// Names the file; nothing is logged without it.
  static let variable = "CLEANROOM_TLS_KEY_LOG"

  private let file: FileHandle

  /// - Returns: nil unless the environment asks for a log. Says so loudly in the log of the daemon.
  static func fromEnvironment(_ logger: Logger) -> LinkKeyLog? {
    guard let path = ProcessInfo.processInfo.environment[variable], !path.isEmpty else { return nil }
    guard let log = LinkKeyLog(path: path) else {
      logger.error(
        "\(variable): the file cannot be opened, or others may read it; no TLS secret is logged. Name a new file in a folder that can be written to."
      )
      return nil
    }
    logger.warning(
      "\(variable) IS SET: the TLS secrets of every link of this daemon are written to a file, and whoever has it can decrypt what was recorded. For demonstrations and tests only."
    )
    return log
  }

  /// A daemon that starts again adds to its file.
  init?(path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
      return nil
    }
  }

  /// Called with whole lines, from any thread.
  var callback: NIOSSLKeyLogCallback {
    { [file] line in try? file.write(contentsOf: Data(line.readableBytesView)) }
  }
}
