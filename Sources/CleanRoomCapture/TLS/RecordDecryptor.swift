import Foundation

/// What a direction of a TLS connection said, as it is decrypted piece by piece.
struct ClearText {
  /// Application data.
  var application = Data()
  /// Handshake messages, alerts, and what travelled before encryption began.
  var handshake: [UInt8] = []
}

/// Decrypts one direction of a TLS 1.3 connection (RFC 8446, section 5). Every record must be authentic; only at the
/// end of a connection that was cut may one be incomplete, and its beginning is decrypted all the same.
struct RecordDecryptor {
  private enum ContentType { static let change: UInt8 = 20, alert: UInt8 = 21, handshake: UInt8 = 22, data: UInt8 = 23 }
  private enum Message { static let finished: UInt8 = 20, keyUpdate: UInt8 = 24 }

  private static let headerSize = 5
  /// Section 5.2.
  private static let recordLimit = 16384 + 256
  private static let handshakeLimit = 1 << 20

  private var keys: TrafficKeys?
  /// Taken when this direction's Finished has passed.
  private let applicationKeys: TrafficKeys?
  private var isHandshaking = true
  private var isEncrypted = false
  private var pending: [UInt8] = []
  /// Handshake messages that are not complete yet.
  private var messages: [UInt8] = []
  private var handshakeBytes = 0

  /// - Parameters: nil for secrets that were never made, because the connection ended before.
  init(handshake: TrafficKeys?, application: TrafficKeys?) {
    keys = handshake
    applicationKeys = application
  }

  mutating func take(_ bytes: Data, into text: inout ClearText) throws(CaptureError) {
    pending += bytes
    var offset = 0
    while pending.count - offset >= Self.headerSize {
      let length = Int(pending[offset + 3]) << 8 | Int(pending[offset + 4])
      guard pending[offset + 1] == 3, length <= Self.recordLimit else {
        throw CaptureError("It holds what is no TLS record.")
      }
      let end = offset + Self.headerSize + length
      guard pending.count >= end else { break }
      try record(
        Array(pending[offset..<offset + Self.headerSize]), pending[offset + Self.headerSize..<end], into: &text)
      offset = end
    }
    pending.removeFirst(offset)
  }

  /// The connection is over.
  mutating func finish(into text: inout ClearText) throws(CaptureError) {
    guard pending.count > Self.headerSize else {
      text.handshake += pending
      return
    }
    let length = Int(pending[3]) << 8 | Int(pending[4])
    let body = pending.dropFirst(Self.headerSize).prefix(max(length - CipherSuite.tagSize, 0))
    guard pending[0] == ContentType.data else {
      text.handshake += body
      return
    }
    guard let keys, let clear = try? keys.openBeginning(body) else { throw Self.noKeys }
    text.application += clear
  }

  private static let noKeys = CaptureError("The key log does not have the secrets it was encrypted with.")

  private mutating func record(_ header: [UInt8], _ body: ArraySlice<UInt8>, into text: inout ClearText)
    throws(CaptureError)
  {
    switch header[0] {
    case ContentType.data:
      isEncrypted = true
      try encrypted(header, body, into: &text)
    case ContentType.change where Array(body) == [1]: break
    case ContentType.handshake where !isEncrypted, ContentType.alert where !isEncrypted:
      try keep(body, into: &text)
    default: throw CaptureError("It holds a record in clear where TLS 1.3 encrypts.")
    }
  }

  private mutating func encrypted(_ header: [UInt8], _ body: ArraySlice<UInt8>, into text: inout ClearText)
    throws(CaptureError)
  {
    guard body.count > CipherSuite.tagSize, keys != nil else { throw Self.noKeys }
    guard let inner = try? keys?.open(body, header: header) else {
      throw CaptureError("A record is not authentic under the logged secrets: the recording or the key log is damaged.")
    }
    // Zeros behind the content type are padding, section 5.4.
    guard let last = inner.lastIndex(where: { $0 != 0 }) else { throw CaptureError("A record has no content type.") }
    let content = inner[..<last]
    switch inner[last] {
    case ContentType.data where !isHandshaking: text.application += content
    case ContentType.alert: try keep(content, into: &text)
    case ContentType.handshake:
      try keep(content, into: &text)
      messages += content
      try passMessages()
    default: throw CaptureError("A record has a content type that does not belong there.")
    }
  }

  private mutating func keep(_ content: some Collection<UInt8>, into text: inout ClearText) throws(CaptureError) {
    handshakeBytes += content.count
    guard handshakeBytes <= Self.handshakeLimit else {
      throw CaptureError("Its handshake is longer than any real one.")
    }
    text.handshake += content
  }

  private mutating func passMessages() throws(CaptureError) {
    while messages.count >= 4 {
      let length = Int(messages[1]) << 16 | Int(messages[2]) << 8 | Int(messages[3])
      guard messages.count >= 4 + length else { return }
      let type = messages[0]
      messages.removeFirst(4 + length)
      let changesKeys = type == Message.finished && isHandshaking || type == Message.keyUpdate && !isHandshaking
      guard changesKeys else { continue }
      guard messages.isEmpty else { throw CaptureError("A handshake message crosses a change of keys.") }
      keys = isHandshaking ? applicationKeys : keys?.next
      isHandshaking = false
    }
  }
}
