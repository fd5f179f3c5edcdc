import CleanRoomWire

/// A frame of a link and where it began in the clear stream.
struct RecordedFrame {
  var type: FrameType
  var body: [UInt8]
  var place: Int
}

/// Cuts a decrypted direction of a link into frames.
struct FrameReader {
  private var buffer: [UInt8] = []
  private var offset = 0
  /// Of the buffer in the stream.
  private var base = 0
  /// What no frame can be cut from; nothing is read after it.
  private(set) var isBroken = false

  mutating func take(_ bytes: some Collection<UInt8>, _ body: (RecordedFrame) -> Void) {
    guard !isBroken else { return }
    buffer += bytes
    while let frame = next() { body(frame) }
    base += offset
    buffer.removeFirst(offset)
    offset = 0
  }

  private mutating func next() -> RecordedFrame? {
    guard buffer.count - offset >= 4 else { return nil }
    let length =
      Int(buffer[offset]) | Int(buffer[offset + 1]) << 8 | Int(buffer[offset + 2]) << 16
      | Int(buffer[offset + 3]) << 24
    guard length >= 1, length <= LinkProtocol.frameLimit else { return fail() }
    guard buffer.count - offset >= 4 + length else { return nil }
    guard let type = FrameType(rawValue: buffer[offset + 4]) else { return fail() }
    defer { offset += 4 + length }
    return RecordedFrame(
      type: type, body: Array(buffer[offset + LinkProtocol.headerSize..<offset + 4 + length]), place: base + offset)
  }

  private mutating func fail() -> RecordedFrame? {
    isBroken = true
    return nil
  }

  /// Bytes of a frame that did not come whole: its announced length with the type, and what there is behind the type.
  var rest: (length: Int, type: FrameType?, body: [UInt8])? {
    guard !buffer.isEmpty else { return nil }
    guard buffer.count >= LinkProtocol.headerSize else { return (0, nil, []) }
    let length = Int(buffer[0]) | Int(buffer[1]) << 8 | Int(buffer[2]) << 16 | Int(buffer[3]) << 24
    return (length, FrameType(rawValue: buffer[4]), Array(buffer[LinkProtocol.headerSize...]))
  }
}
