import CleanRoomModel
import CleanRoomStore
import Foundation
import Testing

@testable import CoordinatorService

@Suite final class QueryBookTests {
  private let path = NSTemporaryDirectory() + "cleanroom-book-" + UUID().uuidString
  private let book: QueryBook

  init() throws {
    book = QueryBook(store: try DocumentStore(path: path), clock: { Timestamp(milliseconds: 5_000) })
  }

  deinit {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
  }

  private func insert(_ events: [QueryEvent] = [], isCommitted: Bool = false) throws -> QueryID {
    let record = QueryLifeTests.record()
    try book.insert(record)
    for event in events { try book.apply(event, to: record.request.id) }
    if isCommitted { #expect(try book.commit(record.request.id, placed: [])) }
    return record.request.id
  }

  @Test func recoveryGivesEveryQueryOneTerminalStatus() throws {
    let submitted = try insert()
    let started = try insert([.started])
    let cancelling = try insert([.started, .cancelRequested])
    let committed = try insert([.started], isCommitted: true)
    let ended = try insert([.started, .timedOut(.tooLong(.seconds(1)))])

    let found = Set(try book.recover().map(\.request.id))
    #expect(found == [submitted, started, cancelling, committed])
    #expect(try book.recover().isEmpty)

    #expect(try book.record(submitted)?.status == .failed)
    #expect(try book.record(started)?.failure == .coordinatorRestarted)
    #expect(try book.record(cancelling)?.status == .cancelled)
    #expect(try book.record(committed)?.status == .success)
    #expect(try book.record(ended)?.status == .timedOut)
  }

  @Test func aQueryThatIsBeingCancelledCannotBeCommitted() throws {
    let id = try insert([.started, .cancelRequested])
    #expect(try !book.commit(id, placed: []))
    #expect(try book.record(id)?.isCommitted == false)
  }

  @Test func aQueryIsRecordedOnce() throws {
    let record = QueryLifeTests.record()
    try book.insert(record)
    #expect(throws: StoreError.exists) { try book.insert(record) }
  }

  @Test func queriesAreListedNewestFirst() throws {
    let collaboration: CollaborationID = newID()
    var ids: [QueryID] = []
    for second in 1...3 {
      var record = QueryLifeTests.record(collaboration: collaboration)
      record.createdAt = Timestamp(milliseconds: Int64(second) * 1000)
      try book.insert(record)
      ids.append(record.request.id)
    }
    _ = try insert()
    #expect(try book.records(in: collaboration).map(\.request.id) == ids.reversed())
  }
}
