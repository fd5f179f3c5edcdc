import CleanRoomWire
import NIOCore
import NIOEmbedded
import Testing

@testable import CleanRoomTransport

@Suite struct FrameTests {
  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(FrameDecoder()))
    return channel
  }

  private func feed(_ channel: EmbeddedChannel, _ bytes: [UInt8]) throws -> Frame? {
    try channel.writeInbound(ByteBuffer(bytes: bytes))
    return try channel.readInbound(as: Frame.self)
  }

  /// Length of what follows, little-endian; type; body.
  @Test func golden() throws {
    #expect(
      Array(Frame.bytes(.data, [0xAA, 0xBB]).readableBytesView) == [0x03, 0x00, 0x00, 0x00, 0x0A, 0xAA, 0xBB])
    let frame = try feed(try channel(), [0x03, 0x00, 0x00, 0x00, 0x0A, 0xAA, 0xBB])
    #expect(frame?.type == .data && frame.map { Array($0.body.readableBytesView) } == [0xAA, 0xBB])
  }

  @Test func framesInPieces() throws {
    let channel = try channel()
    let bytes =
      Array(Frame.bytes(.hello, [1, 2, 3]).readableBytesView) + Array(Frame.bytes(.end).readableBytesView)
    var frames: [Frame] = []
    for byte in bytes { if let frame = try feed(channel, [byte]) { frames.append(frame) } }
    #expect(frames.map(\.type) == [.hello, .end])
  }

  @Test func oversizedFramesAreRefusedByTheirLength() throws {
    // Before the first frame the limit is small; nothing but the four bytes of length has come.
    let first = UInt32(LinkProtocol.firstFrameLimit + 1)
    #expect(throws: FrameError.tooLarge) {
      try feed(try channel(), withUnsafeBytes(of: first.littleEndian) { Array($0) })
    }
    #expect(throws: FrameError.tooLarge) { try feed(try channel(), [0xFF, 0xFF, 0xFF, 0xFF]) }
    let later = try channel()
    _ = try feed(later, Array(Frame.bytes(.hello).readableBytesView))
    #expect(try feed(later, withUnsafeBytes(of: first.littleEndian) { Array($0) }) == nil)
    let last = try channel()
    _ = try feed(last, Array(Frame.bytes(.hello).readableBytesView))
    let beyond = UInt32(LinkProtocol.frameLimit + 1)
    #expect(throws: FrameError.tooLarge) {
      try feed(last, withUnsafeBytes(of: beyond.littleEndian) { Array($0) })
    }
  }

  @Test(arguments: [[0, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 99], [2, 0, 0, 0, 255, 1]] as [[UInt8]])
  func framesOfNoKind(bytes: [UInt8]) throws {
    #expect(throws: FrameError.self) { try feed(try channel(), bytes) }
  }
}

extension Frame: Equatable {
  public static func == (left: Frame, right: Frame) -> Bool {
    left.type == right.type && left.body == right.body
  }
}
