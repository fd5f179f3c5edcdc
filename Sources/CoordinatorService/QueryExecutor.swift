import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Logging

/// Performs one query: announce, gather, combine, deliver, and tell everybody how it ended.
struct QueryExecutor: Sendable {
  let book: QueryBook
  let rooms: Rooms
  let members: MemberCalls
  let rendezvous: Rendezvous
  let log: AnalysisLog
  let limits: EngineLimits
  /// Every query has a folder of its own in it.
  let spillFolder: String
  let logger: Logger

  /// Never throws: whatever goes wrong is an event of the query's life.
  func work(_ record: QueryRecord) async -> QueryEvent {
    do {
      try await perform(record)
      return .succeeded
    } catch let failure as QueryFailure {
      return .failed(failure)
    } catch is CancellationError {
      return .failed(.coordinatorStopped)
    } catch let error as EngineError {
      logger.error(
        "query stopped by the engine",
        metadata: ["query": "\(record.request.id)", "reason": "\(error.message)"])
      return .failed(QueryFailure(error, limits: limits))
    } catch {
      logger.error(
        "query stopped by an unforeseen error",
        metadata: ["query": "\(record.request.id)", "type": "\(type(of: error))"])
      return .failed(.unforeseen)
    }
  }

  /// Records the end, lets owners and receivers know, and writes the log. Results become visible first, so
  /// that whoever sees SUCCESS finds them.
  func end(_ id: QueryID, with event: QueryEvent) async {
    rendezvous.forget(id)
    do {
      if let record = try book.record(id), record.isCommitted, !record.status.isTerminal {
        await members.publish(id, to: record.request.receivers)
      }
      guard let ended = try book.apply(event, to: id), ended.status.isTerminal else { return }
      if ended.status != .success, ended.startedAt != nil {
        await members.abandon(id, parties: ended.parties)
      }
      conclude(ended)
    } catch {
      logger.error("the end of a query could not be recorded", metadata: ["query": "\(id)"])
    }
  }

  /// What follows from every end, also from one that is found at a start.
  func conclude(_ ended: QueryRecord) {
    log.termination(of: ended)
    var labels: Logger.Metadata = ["query": "\(ended.request.id)", "status": "\(ended.status.rawValue)"]
    labels["code"] = (ended.failure?.code.rawValue).map { "\($0)" }
    logger.info("query ended", metadata: labels)
  }

  private func perform(_ record: QueryRecord) async throws {
    let room = try rooms.room(record.request.collaboration)
    let plan = try approvedPlan(record, in: room)
    try await members.wait(for: record.parties, in: room)
    let spill = try SpillFolder(in: spillFolder, name: record.request.id.value)
    defer { spill.remove() }
    var limits = limits
    limits.spillFolder = spill.path
    let database = try GatherDatabase.open(limits: limits)
    defer {
      // A combination that nobody waits for any more would keep its memory until its end.
      database.interrupt()
      database.close()
    }
    for fragment in plan.fragments {
      try database.create(table: fragment.gatheredTable, columns: fragment.released)
    }
    let result = ThresholdedResult(plan.combination, in: database, limits: limits)
    try await withTaskCancellationHandler {
      try await gather(record, plan, into: database, room)
      try await deliver(record, result)
    } onCancel: {
      database.interrupt()
    }
  }

  private func checkAuthority(of record: QueryRecord, in room: Room) throws {
    for account in [record.request.runner] + record.request.receivers where !room.record.isActive(account) {
      throw QueryFailure(
        code: .rulesChanged, message: "Member \(room.label(account)) is no longer an active member.")
    }
    for receiver in record.request.receivers where !room.record.charter.allows(receiver, .canReceiveResults) {
      throw QueryFailure(
        code: .rulesChanged,
        message: "Member \(room.label(receiver)) does not have the ability CAN_RECEIVE_RESULTS any more.")
    }
  }

  /// Members and rules may have changed since the query was submitted: those of this moment decide.
  private func approvedPlan(_ record: QueryRecord, in room: Room) throws -> QueryPlan {
    try checkAuthority(of: record, in: room)
    switch QueryPolicy.check(
      sql: record.request.sql,
      in: room.policyContext(record.request, template: try record.analysisTemplate, extended: record.extended)
    ).observingCleartext(of: room.record.charter) {
    case .approved(let approved):
      guard approved.tables.map({ QueriedTable(name: $0.name, owner: $0.owner) }) == record.tables else {
        throw QueryFailure(
          code: .rulesChanged,
          message: "A table of the query belongs to another member now. Start the query again.")
      }
      return QueryPlanner.plan(approved, joinsDifferentNames: room.record.charter.joinsDifferentNames)
    case .refused(let reasons):
      throw QueryFailure(code: .rulesChanged, message: RefusalText.text(reasons))
    }
  }

  private func gather(_ record: QueryRecord, _ plan: QueryPlan, into database: GatherDatabase, _ room: Room)
    async throws
  {
    let gathering = Gathering(plan: plan, database: database, room: room, limits: limits)
    rendezvous.expect(gathering, for: record.request.id)
    defer { gathering.close() }
    try await members.announce(record, to: record.owners, in: room)
    var missing = Set(plan.fragments.map(\.table))
    for await event in gathering.events {
      switch event {
      case .failed(let failure): throw failure
      case .finished(let table):
        missing.remove(table)
        if missing.isEmpty { return }
      }
    }
    throw CancellationError()
  }

  /// Nothing is committed before every receiver holds the result durably.
  private func deliver(_ record: QueryRecord, _ result: ThresholdedResult) async throws {
    // The charter may have been amended while data was gathered, and receivers follow it.
    let room = try rooms.room(record.request.collaboration)
    try checkAuthority(of: record, in: room)
    var placed: [PlacedResult] = []
    for receiver in record.request.receivers {
      placed.append(try await deliver(record, result, to: receiver, room))
    }
    try Task.checkCancellation()
    guard try book.commit(record.request.id, placed: placed) else { throw CancellationError() }
  }

  private func deliver(
    _ record: QueryRecord, _ result: ThresholdedResult, to receiver: AccountID, _ room: Room
  ) async throws -> PlacedResult {
    let delivery = Delivery(
      result, of: record.request.id, to: receiver,
      certificate: try members.certificate(of: receiver, in: room))
    rendezvous.expect(delivery, for: record.request.id)
    defer { delivery.end() }
    do {
      return try await members.deliver(record, columns: result.columns, to: receiver, in: room)
    } catch let failure as QueryFailure {
      throw delivery.failure ?? failure
    }
  }
}
