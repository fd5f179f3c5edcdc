import CleanRoomWire
import NIOCore
import Synchronization

/// Requests and answers in both directions over one control connection.
final class ControlConnection: Sendable {
  typealias Respond = @Sendable (_ kind: String, _ payload: [UInt8]) async -> LinkReply

  private struct State {
    var next: UInt64 = 1
    var pending: [UInt64: Mailbox<LinkReply>] = [:]
    var answering = 0
    var lastHeard = ContinuousClock.now
    var isClosed = false
  }

  private let outbound: LinkOutbound
  private let channel: any Channel
  private let settings: LinkSettings
  private let state = Mutex(State())

  init(outbound: LinkOutbound, channel: any Channel, settings: LinkSettings) {
    self.outbound = outbound
    self.channel = channel
    self.settings = settings
  }

  func request(_ kind: String, _ payload: [UInt8], timeout: Duration) async throws(LinkError) -> [UInt8] {
    guard payload.count < LinkProtocol.messageLimit else { throw .tooLarge }
    let box = Mailbox<LinkReply>()
    let id = state.withLock { state -> UInt64? in
      guard !state.isClosed else { return nil }
      defer { state.next += 1 }
      state.pending[state.next] = box
      return state.next
    }
    guard let id else { throw .notConnected }
    defer { state.withLock { _ = $0.pending.removeValue(forKey: id) } }
    do {
      let frame = try Frame.bytes(
        .request, LinkRequest.with { ($0.id, $0.kind, $0.payload) = (id, kind, .init(payload)) })
      // A peer that reads nothing holds up the write, so the limit is for both.
      let reply = try await withLimit(timeout) {
        try await self.outbound.write(frame)
        return try await box.take()
      }
      switch reply {
      case .success(let bytes)?: return bytes
      case .failure(let reason)?: throw LinkError.failed(reason)
      case nil: throw LinkError.closed("the connection ended")
      }
    } catch let error as LinkError {
      throw error
    } catch {
      throw .closed("the connection ended")
    }
  }

  /// Ends the connection from outside.
  func cut() { channel.close(promise: nil) }

  /// Reads until the connection ends. Requests are answered side by side.
  func run(_ frames: inout LinkInbound.AsyncIterator, respond: @escaping Respond) async throws {
    defer { close() }
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { await self.keepAlive() }
      group.addTask { await self.watch() }
      defer { group.cancelAll() }
      while let frame = try await frames.next() {
        state.withLock { $0.lastHeard = .now }
        switch frame.type {
        case .request: try answer(frame, in: &group, respond)
        case .response: try deliver(frame)
        case .ping: try await outbound.write(Frame.bytes(.pong))
        case .pong: break
        case .goodbye: throw LinkError.refused(try frame.decode(LinkGoodbye.self).reason)
        default: throw LinkError.closed("an unexpected frame arrived")
        }
      }
    }
  }

  private func answer(
    _ frame: Frame, in group: inout ThrowingDiscardingTaskGroup<any Error>, _ respond: @escaping Respond
  ) throws {
    var request = try frame.decode(LinkRequest.self)
    let place = state.withLock { state in
      state.answering += 1
      return state.answering
    }
    // A peer that does not read its answers would have them pile up here.
    guard place <= settings.concurrentRequests * 4 else { throw LinkError.closed("too many requests at once") }
    let isFree = place <= settings.concurrentRequests
    if !isFree { request.payload = .init() }
    let (id, kind, payload) = (request.id, request.kind, Array(request.payload))
    group.addTask {
      defer { self.state.withLock { $0.answering -= 1 } }
      let reply = isFree ? await respond(kind, payload) : .failure("too many requests at once")
      let response = LinkResponse.with { response in
        response.id = id
        switch reply {
        case .success(let payload) where payload.count >= LinkProtocol.messageLimit:
          response.failure = "the answer is too large"
        case .success(let payload): response.payload = .init(payload)
        case .failure(let reason): response.failure = reason
        }
      }
      // A write that fails means that the connection has gone, which the reader notices.
      try? await self.outbound.write(try Frame.bytes(.response, response))
    }
  }

  private func deliver(_ frame: Frame) throws {
    let response = try frame.decode(LinkResponse.self)
    let box = state.withLock { $0.pending[response.id] }
    switch response.result {
    case .payload(let bytes): box?.put(.success(Array(bytes)))
    case .failure(let reason): box?.put(.failure(reason))
    case nil: box?.put(.success([]))
    }
  }

  private func keepAlive() async {
    do {
      while true {
        try await Task.sleep(for: settings.ping)
        try await withLimit(settings.silence) { try await self.outbound.write(Frame.bytes(.ping)) }
      }
    } catch LinkError.timedOut {
      // Whoever reads nothing is as good as gone, whatever it may send.
      cut()
    } catch {
      // Stopped, or the connection has gone.
    }
  }

  /// Hangs up on a peer that is silent. Apart from `keepAlive`, whose writes a peer that reads nothing can hold up.
  private func watch() async {
    do {
      while true {
        try await Task.sleep(for: min(settings.ping, settings.silence))
        let silence = ContinuousClock.now - state.withLock { $0.lastHeard }
        if silence >= settings.silence { channel.close(promise: nil) }
      }
    } catch {
      // Stopped.
    }
  }

  private func close() {
    let pending = state.withLock { state in
      state.isClosed = true
      return Array(state.pending.values)
    }
    for box in pending { box.close() }
  }
}
