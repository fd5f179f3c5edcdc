import CleanRoomWire
import NIOCore
import SwiftProtobuf

/// One frame of a link.
struct Frame: Sendable {
  var type: FrameType
  var body: ByteBuffer

  func decode<Message: SwiftProtobuf.Message>(_ type: Message.Type) throws -> Message {
    try Message(serializedBytes: Array(body.readableBytesView))
  }

  static func bytes(_ type: FrameType, _ message: some SwiftProtobuf.Message) throws -> ByteBuffer {
    bytes(type, try message.serializedBytes() as [UInt8])
  }

  static func bytes(_ type: FrameType, _ body: [UInt8] = []) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: LinkProtocol.headerSize + body.count)
    buffer.writeInteger(UInt32(body.count + 1), endianness: .little)
    buffer.writeInteger(type.rawValue)
    buffer.writeBytes(body)
    return buffer
  }
}

enum FrameError: Error { case tooLarge, unknownType, empty }

/// Cuts the byte stream into frames. A length is checked against the limit before anything is kept for it.
struct FrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = Frame

  private var limit = LinkProtocol.firstFrameLimit

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let length = buffer.getInteger(at: buffer.readerIndex, endianness: .little, as: UInt32.self) else {
      return .needMoreData
    }
    guard length >= 1 else { throw FrameError.empty }
    guard length <= min(limit, Self.limit(of: buffer)) else { throw FrameError.tooLarge }
    guard buffer.readableBytes >= 4 + Int(length) else {
      buffer.reserveCapacity(minimumWritableBytes: 4 + Int(length) - buffer.readableBytes)
      return .needMoreData
    }
    buffer.moveReaderIndex(forwardBy: 4)
    guard let raw = buffer.readInteger(as: UInt8.self), let type = FrameType(rawValue: raw),
      let body = buffer.readSlice(length: Int(length) - 1)
    else { throw FrameError.unknownType }
    limit = LinkProtocol.frameLimit
    context.fireChannelRead(wrapInboundOut(Frame(type: type, body: body)))
    return .continue
  }

  /// Only data may be large. The type stands right behind the length.
  private static func limit(of buffer: ByteBuffer) -> Int {
    let type = buffer.getInteger(at: buffer.readerIndex + 4, as: UInt8.self)
    return type == nil || type == FrameType.data.rawValue ? LinkProtocol.frameLimit : LinkProtocol.controlFrameLimit
  }

  mutating func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws
    -> DecodingState
  {
    while try decode(context: context, buffer: &buffer) == .continue {}
    return .needMoreData
  }
}
