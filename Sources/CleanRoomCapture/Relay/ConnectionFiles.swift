import Foundation
import NIOCore

/// Bytes of one connection in each direction.
struct ConnectionSize: Codable, Equatable {
  var sent = 0
  var received = 0
}

/// The files of one connection that is being recorded.
final class ConnectionFiles {
  private let folder: CaptureFolder
  private let party: String
  private let number: Int
  private let sent: FileHandle
  private let received: FileHandle
  private var size = ConnectionSize()

  init(_ folder: CaptureFolder, party: String, number: Int) throws(CaptureError) {
    self.folder = folder
    self.party = party
    self.number = number
    sent = try Self.create(folder.connection(party: party, number: number, sent: true))
    received = try Self.create(folder.connection(party: party, number: number, sent: false))
  }

  func record(_ bytes: ByteBuffer, sent isSent: Bool) throws {
    try (isSent ? sent : received).write(contentsOf: Data(bytes.readableBytesView))
    if isSent { size.sent += bytes.readableBytes } else { size.received += bytes.readableBytes }
  }

  func finish() throws {
    for file in [sent, received] { try file.close() }
    let end = try Self.create(folder.end(party: party, number: number))
    try end.write(contentsOf: JSONEncoder().encode(size))
    try end.close()
  }

  /// Never an existing file, never through a link that somebody laid.
  private static func create(_ path: String) throws(CaptureError) -> FileHandle {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CaptureError("\(path) cannot be made. Record into a new folder that can be written to.")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
