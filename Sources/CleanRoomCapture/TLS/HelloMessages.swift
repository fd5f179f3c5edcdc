/// What has to be read of the two hellos (RFC 8446, section 4.1) to decrypt what follows them.
enum HelloMessages {
  private static let handshake: UInt8 = 22
  private static let clientHello: UInt8 = 1
  private static let serverHello: UInt8 = 2
  /// Of a ServerHello that asks for another ClientHello, section 4.1.3.
  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]

  /// - Parameter start: the first bytes that the client sent.
  /// - Returns: nil when the connection ended before the client had said as much.
  static func clientRandom(_ start: [UInt8]) throws(CaptureError) -> [UInt8]? {
    guard let first = start.first else { return nil }
    guard first == handshake else { throw CaptureError("It does not begin with a TLS handshake.") }
    let message = handshakeText(start)
    guard message.count >= 38 else { return nil }
    guard message[0] == clientHello else { throw CaptureError("It does not begin with a TLS ClientHello.") }
    return Array(message[6..<38])
  }

  /// - Parameter start: the first bytes that the server sent.
  /// - Returns: nil when the server never chose a cipher suite.
  static func cipherSuite(_ start: [UInt8]) throws(CaptureError) -> CipherSuite? {
    var message = handshakeText(start)[...]
    while message.count >= 4 {
      let length =
        Int(message[message.startIndex + 1]) << 16 | Int(message[message.startIndex + 2]) << 8
        | Int(message[message.startIndex + 3])
      let body = Array(message.dropFirst(4).prefix(length))
      guard message.first == serverHello, body.count == length, body.count > 34 else { return nil }
      if Array(body[2..<34]) != retryRandom { return try suite(body) }
      message = message.dropFirst(4 + length)
    }
    return nil
  }

  private static func suite(_ body: [UInt8]) throws(CaptureError) -> CipherSuite {
    let place = 35 + Int(body[34])
    guard body.count >= place + 2, let suite = CipherSuite(rawValue: UInt16(body[place]) << 8 | UInt16(body[place + 1]))
    else { throw CaptureError("It is not TLS 1.3 with a cipher suite of that version.") }
    return suite
  }

  /// The contents of the handshake records at the beginning, those that are whole or the part that came.
  private static func handshakeText(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var offset = 0
    while bytes.count >= offset + 5 {
      let length = Int(bytes[offset + 3]) << 8 | Int(bytes[offset + 4])
      let body = bytes[offset + 5..<min(offset + 5 + length, bytes.count)]
      // Between a retry and the second ServerHello stands a change of cipher spec.
      if bytes[offset] == handshake { text += body } else if bytes[offset] != 20 { break }
      offset += 5 + length
    }
    return text
  }
}
