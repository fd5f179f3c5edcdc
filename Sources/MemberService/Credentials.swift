import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomModel
import Foundation
import Synchronization

/// The access keys of this organization's people, read from a file that nobody else can read.
final class Credentials: Sendable {
  private let file: String
  private let region: String
  private let verifier: Mutex<SignatureVerifier>

  /// - Throws: `ConfigurationError`.
  init(file: String, region: String) throws {
    self.file = file
    self.region = region
    verifier = Mutex(SignatureVerifier(credentials: try Self.read(file), region: region))
  }

  /// Reads the file again; on an error the present keys stay in force.
  func reload() throws {
    let fresh = SignatureVerifier(credentials: try Self.read(file), region: region)
    verifier.withLock { $0 = fresh }
  }

  /// - Returns: the access key that signed the request.
  func verify(_ request: APIRequest, now: Timestamp) throws -> String {
    try verifier.withLock { $0 }.verify(request, now: now)
  }

  private static func read(_ file: String) throws(ConfigurationError) -> [String: Secret<String>] {
    func fail(_ problem: String, _ remedy: String) -> ConfigurationError {
      ConfigurationError(file: file, problem: problem, remedy: remedy)
    }
    // Not blocking, in case it is a pipe.
    let descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw fail("cannot be read", "Correct api.credentials, or create the file") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw fail("is not a regular file", "Name a regular file")
    }
    guard status.st_mode & 0o077 == 0 else { throw fail("can be read by others", "Run: chmod 600 \(file)") }
    guard status.st_size > 0 else { throw fail("is empty", "Restore the file") }
    guard status.st_size < 1 << 20 else { throw fail("is too large", "Restore the file") }
    guard let data = try? handle.readToEnd(), let text = String(data: data, encoding: .utf8) else {
      throw fail("is not a text file", "Restore the file")
    }
    do {
      return try CredentialsFile.parse(text)
    } catch {
      throw fail(
        "is not in AWS's credentials format (line \(error.line): \(error.message))", "Correct the file")
    }
  }
}
