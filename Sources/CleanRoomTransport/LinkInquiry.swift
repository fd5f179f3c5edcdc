import CleanRoomWire

extension LinkClient {
  /// Asks over a data connection of its own and without the control connection: for programs beside a running daemon.
  /// - Parameters:
  ///   - kind: a `StreamKind`.
  ///   - subject: what it is about, in the place of the query's identifier.
  /// - Returns: all frames of the answer.
  /// - Throws: `failed` with the coordinator's words when it does not answer the question.
  public func inquire(kind: String, about subject: String, timeout: Duration) async throws(LinkError) -> [[UInt8]] {
    let opened = Mailbox<LinkStream>()
    let opening = LinkOpenStream.with {
      ($0.kind, $0.queryID, $0.version) = (kind, subject, LinkProtocol.version)
    }
    async let carried: Void = carry(opening, opened)
    do {
      let frames = try await withLimit(timeout) { () async throws -> [[UInt8]] in
        guard let stream = try await opened.take() else { throw LinkError.notConnected }
        var frames: [[UInt8]] = []
        while let frame = try await stream.receive() { frames.append(frame) }
        return frames
      }
      await carried
      return frames
    } catch {
      opened.close()
      throw error as? LinkError ?? .notConnected
    }
  }
}
