import CleanRoomEngine
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import CleanRoomTransport
import CleanRoomWire
import Foundation
import Logging

/// Performs one query: announce, gather, combine, deliver, and tell everybody how it ended.
struct QueryExecutor: Sendable {
  let book: QueryBook
  let rooms: Rooms
  let members: MemberCalls
  let rendezvous: Rendezvous
  let trust: TrustStore
  let log: AnalysisLog
  let limits: EngineLimits
  let logger: Logger

  /// Never throws: whatever goes wrong is an event of the query's life.
  func work(_ record: QueryRecord) async -> QueryEvent {
    do {
      try await perform(record)
      return .succeeded
    } catch let failure as QueryFailure {
      return .failed(failure)
    } catch is CancellationError {
      return .cancelled
    } catch {
      logger.error("query ended by an unforeseen error", metadata: ["query": "\(record.request.id)"])
      return .failed(QueryFailure(code: .internalFailure, message: "The coordinator could not run the query."))
    }
  }

  /// Records the end, lets owners and receivers know, and writes the log.
  func end(_ id: QueryID, with event: QueryEvent) async {
    rendezvous.forget(id)
    guard let ended = try? book.apply(event, to: id), ended.status.isTerminal else { return }
    let room = try? rooms.room(ended.request.collaboration)
    if ended.status != .success, let room {
      await members.abandon(id, parties: Set(ended.request.receivers + room.owners(of: ended.tables)))
    }
    if let room { log.termination(of: ended, in: room) }
    logger.info("query ended", metadata: ["query": "\(id)", "status": "\(ended.status.rawValue)"])
  }

  private func perform(_ record: QueryRecord) async throws {
    let room = try rooms.room(record.request.collaboration)
    let plan = try approvedPlan(record, in: room)
    try await members.waitForOwners(Set(plan.fragments.map(\.owner)), in: room)
    let spill = limits.spillFolder.map { "\($0)/\(record.request.id)" }
    let database = try openDatabase(plan, spill: spill)
    defer {
      database.close()
      if let spill { try? FileManager.default.removeItem(atPath: spill) }
    }
    try await withTaskCancellationHandler {
      try await gather(record, plan: plan, into: database, room: room)
      try await deliver(record, ThresholdedResult(plan.combination, in: database), in: room)
    } onCancel: {
      database.interrupt()
    }
  }

  /// Rules may have changed since the query was submitted: the tables of this moment decide.
  private func approvedPlan(_ record: QueryRecord, in room: Room) throws -> QueryPlan {
    switch QueryPolicy.check(sql: record.request.sql, in: room.policyContext(for: record)) {
    case .approved(let approved):
      return QueryPlanner.plan(approved, joinsDifferentNames: room.record.charter.joinsDifferentNames)
    case .refused(let reasons):
      throw QueryFailure(code: .memberRefused, message: RefusalText.text(reasons))
    }
  }

  private func openDatabase(_ plan: QueryPlan, spill: String?) throws -> GatherDatabase {
    do {
      var limits = limits
      limits.spillFolder = spill
      let database = try GatherDatabase.open(limits: limits)
      for fragment in plan.fragments { try database.create(table: fragment.gatheredTable, columns: fragment.released) }
      return database
    } catch {
      throw QueryFailure(code: .resourceLimit, message: "The coordinator's engine could not start: \(error.message)")
    }
  }

  private func gather(_ record: QueryRecord, plan: QueryPlan, into database: GatherDatabase, room: Room) async throws {
    let gathering = Gathering(plan: plan, database: database)
    rendezvous.expect(gathering, for: record.request.id)
    defer { gathering.close() }
    try await members.announce(record, to: Set(plan.fragments.map(\.owner)), in: room)
    var missing = Set(plan.fragments.map(\.table))
    for await event in gathering.events {
      switch event {
      case .finished(let table):
        missing.remove(table)
        if missing.isEmpty { return }
      case .failed(let owner, let table, let reason):
        throw QueryFailure(
          code: .memberFailed, message: "Member \(room.label(owner)) could not release table \(table): \(reason).")
      }
    }
    throw CancellationError()
  }

  private func deliver(_ record: QueryRecord, _ result: ThresholdedResult, in room: Room) async throws {
    let id = record.request.id
    var location: String?
    for receiver in record.request.receivers {
      let certificate = try members.certificate(of: receiver, in: room)
      rendezvous.expect(
        Delivery(result, of: id, to: receiver, certificate: certificate, trust: trust), for: id)
      let place = try await members.deliver(record, columns: result.columns, to: receiver, in: room)
      if receiver == record.request.runner { location = place }
    }
    try Task.checkCancellation()
    guard try book.commit(id, location: location) else { throw CancellationError() }
    await members.publish(id, to: record.request.receivers)
  }
}
