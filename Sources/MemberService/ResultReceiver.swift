import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Takes results that are meant for this organization: staged first, visible only once the query has succeeded.
struct ResultReceiver: Sendable {
  let account: AccountID
  let region: String
  let charters: CharterKeeper
  let identity: DaemonIdentity
  let judge: QueryJudge
  let memberships: Memberships
  let store: DocumentStore
  let results: ResultStore
  let link: LinkClient
  let limits: EngineLimits
  let clock: @Sendable () -> Timestamp

  /// Fetches, opens and stages a result.
  /// - Throws: `ReleaseRefusal` with the reason, also when the result cannot be stored.
  func receive(_ notice: ResultNotice) async throws -> ResultPlacement {
    let membership = try memberships.membership(in: notice.collaboration)
    let history = try membership.map { try charters.advance($0, with: notice.history) }
    let (request, charter) = try judge.authority(notice.request, notice.history, stored: history, now: clock())
    guard charter.allowsResults(in: region) else {
      throw ReleaseRefusal(reason: "The collaboration does not allow results in the receiver's region \(region).")
    }
    guard request.receivers.contains(account) else {
      throw ReleaseRefusal(reason: "This organization is not a receiver of the query.")
    }
    let location = try place(for: request, membership: membership)
    do {
      let place = try results.location(
        bucket: location.bucket, keyPrefix: location.keyPrefix, query: request.id,
        format: location.resultFormat)
      // A query has one result: what is staged or published is never replaced.
      guard try results.staged(query: request.id).isEmpty, !results.isPublished(place) else {
        throw ReleaseRefusal(reason: "The result of this query has been received before.")
      }
      let staged = try results.stage(place)
      do {
        try await fill(staged, request: request, format: location.resultFormat, columns: notice.columns)
        try staged.seal()
      } catch {
        staged.discard()
        throw error
      }
      return ResultPlacement(location: place.uri)
    } catch let error as ResultStoreError {
      throw ReleaseRefusal(reason: error.publicMessage)
    }
  }

  /// The runner's own daemon remembers where the result was to go; others use their membership's default.
  private func place(for request: QueryRequest, membership: LocalMembership?) throws -> ResultLocation {
    if request.runner == account {
      if let own = try store.read({ try $0.get(.ownQueries, request.id.value)?.value.output }) { return own }
      throw ReleaseRefusal(reason: "The runner did not ask for the result at a place of its own.")
    }
    guard let location = membership?.defaultResult else {
      throw ReleaseRefusal(
        reason: "The receiver has no default result configuration. Set one with update-membership.")
    }
    return location
  }

  private func fill(
    _ staged: StagedResult, request: QueryRequest, format: ResultFormat, columns: [ResultColumnDescription]
  ) async throws {
    let stream = try await link.openStream(
      kind: StreamKind.collect, query: request.id.value, header: [], timeout: .seconds(10))
    do {
      guard let key = try await stream.receive() else {
        throw ReleaseRefusal(reason: "The result was empty.")
      }
      var opener = try ResultOpener(
        identity: identity, encapsulatedKey: key,
        info: ResultSealing.info(query: request.id, receiver: account))
      let writer = try ResultWriter(format: format, columns: columns, staged: staged, limits: limits)
      let contents = columns.map { ColumnContent.value($0.type) }
      var expected: UInt64 = 0
      while let frame = try await stream.receive() {
        let (batch, sequence) = try BatchCodec.decode(try opener.open(frame), expecting: contents)
        guard sequence == expected else { throw ReleaseRefusal(reason: "The result arrived out of order.") }
        expected += 1
        try await writer.append(batch)
      }
      try await writer.finish()
    } catch {
      await stream.abort("the receiver could not take the result")
      throw error
    }
  }

  func publish(_ query: QueryID) throws {
    for staged in try results.staged(query: query) { try staged.publish() }
  }

  func discard(_ query: QueryID) throws {
    for staged in try results.staged(query: query) { staged.discard() }
  }

  /// After a restart or a lost link, asks how each staged result's query ended.
  func settle() async {
    for query in (try? results.stagedQueries()) ?? [] {
      guard let payload = try? WireJSON.encode(QueryNotice(query: query)),
        let reply = try? await link.request(MessageKind.queryOutcome, payload, timeout: .seconds(10)),
        let outcome = try? WireJSON.decode(QueryOutcome.self, from: reply)
      else { continue }
      switch outcome.status {
      case .success: try? publish(query)
      case .failed, .cancelled, .timedOut, nil: try? discard(query)
      case .submitted, .started, .cancelling: continue
      }
    }
  }
}
