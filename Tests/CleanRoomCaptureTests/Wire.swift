import Foundation
import Synchronization

struct WireError: Error {}

/// A plain blocking socket of a test.
final class Wire: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard withLoopback(port, { connect(descriptor, $0, $1) }) == 0 else { throw WireError() }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw WireError() }
      offset += count
    }
  }

  private func receive(_ count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let received = recv(descriptor, &buffer, count, 0)
    guard received >= 0 else { throw WireError() }
    return Array(buffer.prefix(received))
  }

  /// Sends, and reads as many bytes, or to the end.
  func ask(_ bytes: [UInt8]) throws -> [UInt8] {
    try send(bytes)
    var answer: [UInt8] = []
    while answer.count < bytes.count {
      let piece = try receive(bytes.count - answer.count)
      if piece.isEmpty { break }
      answer += piece
    }
    return answer
  }

  /// Sends, ends this direction, and reads to the other side's end.
  func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
    let failed = Mutex(false)
    let sender = Thread { [self] in
      do { try send(bytes) } catch { failed.withLock { $0 = true } }
      shutdown(descriptor, Int32(SHUT_WR))
    }
    sender.start()
    var answer: [UInt8] = []
    while case let piece = try receive(1 << 16), !piece.isEmpty { answer += piece }
    guard !failed.withLock({ $0 }) else { throw WireError() }
    return answer
  }

  func isClosedByPeer() throws -> Bool { (try? receive(1)) ?? [] == [] }

  /// - Returns: how many bytes were taken before nothing was for half a second.
  func sendUntilHeldUp(limit: Int) throws -> Int {
    var pause = timeval(tv_sec: 0, tv_usec: 500_000)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &pause, socklen_t(MemoryLayout<timeval>.size))
    let piece = [UInt8](repeating: 1, count: 1 << 16)
    var sent = 0
    while sent < limit {
      let count = Foundation.send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { break }
      sent += count
    }
    return sent
  }
}

func withLoopback(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(port).bigEndian
  address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}
