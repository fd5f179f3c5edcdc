import CleanRoomSynthetic
import Foundation
import Synchronization

/// Why made-up data could not be written.
public struct DataFileProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
}

/// Something that happens once, seen from any thread.
final class DataFlag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

/// An open file or pipe that takes a table's rows. The calls block.
struct DataSink: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private static let rowsAtOnce = 8192

  /// Makes the file, or empties it.
  init(file path: String) throws(DataFileProblem) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor >= 0 else { throw Self.problem(path) }
  }

  /// Waits for the pipe's reader. Nil when that ended without opening it.
  init?(pipe path: String, reader ended: DataFlag) throws(DataFileProblem) {
    self.path = path
    var opened: Int32 = -1
    while opened < 0, !ended.isSet {
      // Without O_NONBLOCK the call would wait for good for a reader that never comes.
      opened = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      guard opened < 0 else { break }
      guard errno == ENXIO || errno == EINTR else { throw Self.problem(path) }
      usleep(2000)
    }
    descriptor = opened
    guard opened >= 0 else { return nil }
    _ = fcntl(opened, F_SETFL, O_WRONLY)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// - Throws: `CancellationError` once `stop` is set, `DataFileProblem` if the place cannot take more.
  func write(_ table: TableGenerator, unless stop: DataFlag) throws {
    var buffer = table.header()
    for first in stride(from: 0, to: table.rows, by: Self.rowsAtOnce) {
      guard !stop.isSet else { throw CancellationError() }
      table.append(rows: first..<min(table.rows, first + Self.rowsAtOnce), to: &buffer)
      try write(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }

  private func write(_ bytes: [UInt8]) throws(DataFileProblem) {
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.problem(path) }
      start += written
    }
  }

  static func problem(_ path: String) -> DataFileProblem {
    let reason = String(cString: strerror(errno))
    return DataFileProblem(
      description: "\(path) cannot be written (\(reason)). Choose a folder that you may write to and that has space.")
  }
}
