import CleanRoomAPI
import CleanRoomTransport
import CleanRoomWire

/// Asks the coordinator, and says in the API's terms what went wrong.
struct Coordinator: Sendable {
  let link: LinkClient
  /// HOST:PORT, for messages.
  let address: String
  /// Below the time limit of an API request.
  static let timeout: Duration = .seconds(30)

  /// - Parameter undo: called when it is certain that nothing came of the request. After a cut in the middle it is
  ///   not: the coordinator may have acted.
  /// - Throws: `APIError`, also for an answer that is an error.
  func ask(_ kind: String, _ message: some Encodable, undo: () -> Void = {}) async throws -> ForwardedReply {
    let reply: ForwardedReply
    do {
      let payload = try WireJSON.encode(message)
      reply = try WireJSON.decode(
        ForwardedReply.self, from: try await link.request(kind, payload, timeout: Self.timeout))
    } catch let error as LinkError {
      switch error {
      case .notConnected, .tooLarge, .failed: undo()
      case .timedOut, .closed, .refused: break
      }
      throw unavailable(error)
    }
    guard let text = reply.error else { return reply }
    undo()
    throw APIError(text: text) ?? .internalError
  }

  private func unavailable(_ error: LinkError) -> APIError {
    switch error {
    case .timedOut:
      .unavailable("The coordinator at \(address) did not answer in time. Try again later.")
    case .failed(let reason):
      .unavailable("The coordinator at \(address) could not answer: \(reason)")
    case .tooLarge:
      .validation("The request is too large for the coordinator.")
    case .notConnected, .closed, .refused:
      .unavailable(
        "The coordinator at \(address) cannot be reached. This member daemon keeps trying; see its log for the reason, then try again."
      )
    }
  }
}
