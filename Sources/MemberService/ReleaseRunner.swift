import CleanRoomEngine
import CleanRoomMatching
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization

/// Streams the fragments that this member agreed to release, each over a data connection of its own.
final class ReleaseRunner: Sendable {
  struct Job: Sendable {
    var judgement: Judgement
    var fragment: Fragment
    var secret: CollaborationSecret
  }

  private let catalog: Catalog
  private let gate: ReleaseGate
  private let link: LinkClient
  private let logger: Logger
  private let tap: ReleaseTap?
  private let jobs: AsyncStream<Job>
  private let enqueue: AsyncStream<Job>.Continuation
  private let state = Mutex(State())

  private struct State {
    /// Fragments that wait or are under way.
    var jobs: [QueryID: Int] = [:]
    var subjects: [QueryID: Subject] = [:]
    var abandoned: Set<QueryID> = []
  }

  private struct Subject {
    var collaboration: CollaborationID
    var tables: Set<String>
  }

  init(catalog: Catalog, gate: ReleaseGate, link: LinkClient, logger: Logger, tap: ReleaseTap? = nil) {
    self.catalog = catalog
    self.gate = gate
    self.link = link
    self.logger = logger
    self.tap = tap
    (jobs, enqueue) = AsyncStream.makeStream()
  }

  func start(_ job: Job) {
    let request = job.judgement.request
    state.withLock { state in
      state.jobs[request.id, default: 0] += 1
      state.subjects[request.id, default: Subject(collaboration: request.collaboration, tables: [])]
        .tables.insert(job.fragment.table)
    }
    enqueue.yield(job)
  }

  /// Stops what is under way for a query, before its next batch.
  func abandon(_ query: QueryID) {
    state.withLock { state in
      if state.jobs[query] != nil { state.abandoned.insert(query) }
    }
  }

  /// Stops, before the next batch, whatever reads a table that has been withdrawn, or any table of a collaboration
  /// that this organization has left.
  func abandon(_ collaboration: CollaborationID, table: String? = nil) {
    state.withLock { state in
      for (query, subject) in state.subjects where subject.collaboration == collaboration {
        if table.map(subject.tables.contains) ?? true { state.abandoned.insert(query) }
      }
    }
  }

  private func finished(_ query: QueryID) {
    state.withLock { state in
      state.jobs[query, default: 1] -= 1
      guard state.jobs[query] == 0 else { return }
      state.jobs[query] = nil
      state.subjects[query] = nil
      state.abandoned.remove(query)
    }
  }

  func run() async {
    await withDiscardingTaskGroup { group in
      for await job in jobs {
        group.addTask { await self.release(job) }
      }
    }
  }

  func stop() { enqueue.finish() }

  private func release(_ job: Job) async {
    let query = job.judgement.request.id
    defer { finished(query) }
    let labels: Logger.Metadata = ["query": "\(query)", "table": "\(job.fragment.table)"]
    do {
      let stream = try await link.openStream(
        kind: StreamKind.release, query: query.value,
        header: try WireJSON.encode(ReleaseHeader(table: job.fragment.table, columns: job.fragment.released)),
        timeout: .seconds(10))
      await send(job, over: stream, labels: labels)
    } catch {
      logger.error("release could not begin", metadata: labels)
      let failure = ReleaseFailure(
        query: query, table: job.fragment.table, reason: "no data connection could be opened")
      guard let payload = try? WireJSON.encode(failure) else { return }
      _ = try? await link.request(MessageKind.releaseFailed, payload, timeout: .seconds(5))
    }
  }

  private func send(_ job: Job, over stream: LinkStream, labels: Logger.Metadata) async {
    do {
      let rows = try await read(job, over: stream)
      logger.info("released", metadata: labels.merging(["rows": "\(rows)"]) { $1 })
    } catch let problem as SourceProblem {
      logger.error("source: \(problem.ownerMessage)", metadata: labels)
      await stream.abort(problem.publicMessage)
    } catch {
      logger.error("release stopped", metadata: labels)
      await stream.abort("the owner stopped the release")
    }
  }

  /// Reads, tokenizes and sends; the next batch is being read while one is being sent.
  private func read(_ job: Job, over stream: LinkStream) async throws -> Int {
    let source = FragmentSource(
      reader: try await catalog.scan(job.fragment, of: job.judgement.request.collaboration), job: job)
    let channel = tap?(stream, link) ?? stream
    var rows = 0
    var pending = try await source.next()
    while let batch = pending {
      try checkWanted(job.judgement.request.id)
      async let following = source.next()
      try await gate.release(batch, over: channel)
      rows += batch.rowCount
      pending = try await following
    }
    try await stream.finish()
    return rows
  }

  private func checkWanted(_ query: QueryID) throws {
    if state.withLock({ $0.abandoned.contains(query) }) { throw CancellationError() }
  }
}

/// The batches of one fragment, keys already replaced by tokens.
private actor FragmentSource {
  private let reader: SourceReader
  private let job: ReleaseRunner.Job
  private let keys: FragmentKeys
  private var sequence = 0

  init(reader: SourceReader, job: ReleaseRunner.Job) {
    self.reader = reader
    self.job = job
    keys = FragmentKeys(job.fragment, judgement: job.judgement, secret: job.secret)
  }

  func next() async throws -> ReleasedBatch? {
    guard let rows = try await reader.next() else { return nil }
    defer { sequence += 1 }
    return try ReleasedBatch(rows, of: job.fragment, sequence: sequence, judgement: job.judgement, keys: keys)
  }
}
