import CleanRoomWire
import SwiftProtobuf

/// Follows what one connection of a party said, frame by frame, and keeps account of what neither a ledger nor the
/// link's protocol knows.
struct LinkAudit {
  private enum Stage {
    case unknown, control
    case release(query: String, header: ReleaseHeader)
    /// The party receives on this connection and gives credit.
    case receiving
  }

  private let place: String
  private var stage = Stage.unknown
  private var hasEnded = false
  private var sent = FrameReader()
  private var received = FrameReader()
  /// Kinds of the coordinator's requests by id.
  private var asked: [UInt64: String] = [:]
  private(set) var unlisted: [String] = []

  init(_ place: String) { self.place = place }

  private mutating func report(_ what: String, at offset: Int? = nil) {
    unlisted.append("\(place) carried \(what)\(offset.map { ", at byte \($0) of what was sent" } ?? "")")
  }

  // MARK: What the coordinator said, to be read first

  mutating func takeReceived(_ bytes: some Collection<UInt8>) {
    received.take(bytes) { frame in
      guard frame.type == .request, let request = try? LinkRequest(serializedBytes: frame.body) else { return }
      asked[request.id] = request.kind
    }
  }

  // MARK: What the party said

  mutating func takeSent(_ bytes: some Collection<UInt8>, _ tally: inout LedgerTally) {
    var frames: [RecordedFrame] = []
    sent.take(bytes) { frames.append($0) }
    for frame in frames {
      if let problem = problem(frame, &tally) { report(problem, at: frame.place) }
    }
  }

  mutating func finish(_ tally: inout LedgerTally) {
    if sent.isBroken { return report("bytes that are no frame of the link") }
    let rest = sent.rest
    guard case .release(let query, let header) = stage, !hasEnded else {
      // A control message that did not come whole: the search has looked at it, and it can be no batch.
      if let rest, rest.type == .data { report("the beginning of a batch that belongs to no release") }
      return
    }
    let problem = tally.tick(
      beginning: rest?.body, length: (rest?.length ?? 1) - 1, query: query, table: header.table)
    if let problem { report(problem) }
  }

  private mutating func problem(_ frame: RecordedFrame, _ tally: inout LedgerTally) -> String? {
    switch (stage, frame.type) {
    case (.unknown, .hello):
      stage = .control
      return ControlMessages.message(LinkHello.self, frame.body) == nil ? "a greeting that holds more than one" : nil
    case (.unknown, .openStream): return open(frame.body)
    case (.control, .request): return request(frame.body)
    case (.control, .response): return response(frame.body)
    case (.control, .ping), (.control, .pong): return frame.body.isEmpty ? nil : "a keep-alive that holds something"
    case (.control, .goodbye): return exact(LinkGoodbye.self, frame.body)
    case (.release(let query, let header), .data) where !hasEnded:
      return tally.tick(frame.body, query: query, header: header)
    case (.release, .end):
      hasEnded = true
      return frame.body.isEmpty ? nil : "an end mark that holds something"
    case (.release, .abort): return exact(LinkAbort.self, frame.body)
    case (.receiving, .credit): return exact(LinkCredit.self, frame.body)
    case (.receiving, .taken): return frame.body.isEmpty ? nil : "an acknowledgement that holds something"
    case (.receiving, .abort): return exact(LinkAbort.self, frame.body)
    default: return "a frame that does not belong there"
    }
  }

  private func exact(_ type: (some SwiftProtobuf.Message).Type, _ body: [UInt8]) -> String? {
    ControlMessages.message(type, body) == nil ? "a message that holds more than its kind does" : nil
  }

  private mutating func open(_ body: [UInt8]) -> String? {
    guard let opening = ControlMessages.message(LinkOpenStream.self, body) else {
      return "an opening of a data connection that holds more than one"
    }
    let header = Array(opening.header)
    switch opening.kind {
    case StreamKind.release where ControlMessages.isExact(ReleaseHeader.self, header):
      guard let header = try? WireJSON.decode(ReleaseHeader.self, from: header) else { return "an unreadable release" }
      stage = .release(query: opening.queryID, header: header)
    case StreamKind.collect where header.isEmpty, StreamKind.schema where header.isEmpty,
      StreamKind.clock where header.isEmpty:
      stage = .receiving
    default: return "a data connection of an unknown kind"
    }
    return nil
  }

  private func request(_ body: [UInt8]) -> String? {
    guard let request = ControlMessages.message(LinkRequest.self, body) else {
      return "a request that holds more than one"
    }
    return ControlMessages.isExact(request: request.kind, Array(request.payload))
      ? nil : "a request that is not what its kind says"
  }

  private func response(_ body: [UInt8]) -> String? {
    guard let response = ControlMessages.message(LinkResponse.self, body) else {
      return "an answer that holds more than one"
    }
    guard let kind = asked[response.id] else { return "an answer that nobody asked for" }
    // An empty payload is left out of the message.
    if case .failure = response.result { return nil }
    return ControlMessages.isExact(answerTo: kind, Array(response.payload))
      ? nil : "an answer that is not what was asked for"
  }
}
