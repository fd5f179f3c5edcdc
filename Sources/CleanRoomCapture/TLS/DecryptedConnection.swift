import Foundation

/// One recorded connection, opened with the logged secrets. What is read here crossed the socket.
struct DecryptedConnection {
  let party: String
  let number: Int
  /// On the socket.
  let size: ConnectionSize
  private let folder: CaptureFolder
  private let sent: RecordDecryptor
  private let received: RecordDecryptor
  /// Whether what was received can be decrypted.
  private let isReceivedReadable: Bool

  private static let chunk = 1 << 20
  /// Holds the hellos.
  private static let startSize = 1 << 17
  /// Of what a coordinator sends before a party has said anything encrypted.
  private static let unansweredLimit = 1 << 16

  init(_ number: Int, of party: String, in folder: CaptureFolder, keyLog: KeyLog) throws(CaptureError) {
    self.party = party
    self.number = number
    self.folder = folder
    size = try Self.wholeSize(number, of: party, in: folder)
    let place = Self.place(party, number)
    let sentStart = try Self.start(folder.connection(party: party, number: number, sent: true))
    let receivedStart = try Self.start(folder.connection(party: party, number: number, sent: false))
    do {
      let random = try HelloMessages.clientRandom(sentStart)
      let suite = try HelloMessages.cipherSuite(receivedStart)
      func keys(_ label: KeyLog.Label) -> TrafficKeys? {
        guard let random, let suite, let secret = keyLog.secret(label, of: random), suite.isSecret(secret) else {
          return nil
        }
        return suite.keys(from: secret)
      }
      sent = RecordDecryptor(handshake: keys(.clientHandshake), application: keys(.clientApplication))
      received = RecordDecryptor(handshake: keys(.serverHandshake), application: keys(.serverApplication))
      // The party was gone before it had derived any secret, so it can have said and read nothing.
      isReceivedReadable = keys(.serverHandshake) != nil || size.received > Self.unansweredLimit
    } catch {
      throw CaptureError("\(place): \(error.description)")
    }
  }

  static func place(_ party: String, _ number: Int) -> String { "Connection \(number) of \(party)" }

  /// The files must be as long as the relay wrote them.
  private static func wholeSize(_ number: Int, of party: String, in folder: CaptureFolder) throws(CaptureError)
    -> ConnectionSize
  {
    guard let data = FileManager.default.contents(atPath: folder.end(party: party, number: number)),
      let size = try? JSONDecoder().decode(ConnectionSize.self, from: data)
    else {
      throw CaptureError(
        "\(place(party, number)): the recording was not finished. Close the relay before it is searched.")
    }
    for (sent, count) in [(true, size.sent), (false, size.received)] {
      let path = folder.connection(party: party, number: number, sent: sent)
      let found = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      guard found == count else {
        throw CaptureError("\(place(party, number)): \(path) should be \(count) bytes long and is not. Record again.")
      }
    }
    return size
  }

  private static func start(_ path: String) throws(CaptureError) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: startSize) ?? Data()
    else {
      throw CaptureError("\(path) cannot be read.")
    }
    return Array(data)
  }

  /// Decrypts a direction, piece by piece.
  func read(sent isSent: Bool, _ body: (ClearText) throws -> Void) throws {
    guard isSent || isReceivedReadable else { return }
    var decryptor = isSent ? sent : received
    let path = folder.connection(party: party, number: number, sent: isSent)
    guard let file = FileHandle(forReadingAtPath: path) else { throw CaptureError("\(path) cannot be read.") }
    do {
      var count = 0
      while let chunk = try file.read(upToCount: Self.chunk), !chunk.isEmpty {
        count += chunk.count
        var text = ClearText()
        try decryptor.take(chunk, into: &text)
        try body(text)
      }
      guard count == (isSent ? size.sent : size.received) else { throw CaptureError("It changed while it was read.") }
      var text = ClearText()
      try decryptor.finish(into: &text)
      try body(text)
    } catch let error as CaptureError {
      throw CaptureError(
        "\(Self.place(party, number)), what was \(isSent ? "sent" : "received"): \(error.description)")
    }
  }
}
