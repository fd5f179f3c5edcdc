import CleanRoomModel
import CleanRoomPolicy
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization

/// Brings analysis log entries to every entitled member. Entries are kept until the member has them durably; none of
/// it can delay or fail a query.
final class AnalysisLog: Sendable {
  private let store: DocumentStore
  private let logger: Logger
  private let wishes: AsyncStream<AccountID>
  private let wish: AsyncStream<AccountID>.Continuation
  /// Accounts whose entries are being sent; true when more came meanwhile.
  private let sending = Mutex<[AccountID: Bool]>([:])
  private static let linesPerMessage = 100

  init(store: DocumentStore, logger: Logger) {
    self.store = store
    self.logger = logger
    (wishes, wish) = AsyncStream.makeStream()
  }

  /// At validation, also of refused queries.
  func submission(
    _ request: QueryRequest, tables: [String], extensions: [PolicyExtension], errors: String?, in room: Room,
    at time: Timestamp
  ) {
    let entries = AnalysisLogEntry.submission(
      request, tables: tables, extensions: extensions, errors: errors, in: room, at: time)
    keep(entries, request, tables, in: room, at: time)
  }

  /// When a query has ended; not when it was cancelled.
  func termination(of record: QueryRecord, in room: Room) {
    guard record.status != .cancelled, let time = record.endedAt else { return }
    keep([.termination(of: record, at: time)], record.request, record.tables, in: room, at: time)
  }

  private func keep(
    _ entries: [AnalysisLogEntry], _ request: QueryRequest, _ tables: [String], in room: Room, at time: Timestamp
  ) {
    guard room.record.charter.queryLogEnabled else { return }
    let entitled = Set([request.runner] + request.receivers + room.owners(of: tables)).sorted()
    do {
      try store.write { writer in
        for account in entitled where try Self.wantsLog(account, in: room, writer) {
          for (index, entry) in entries.enumerated() {
            let id = "\(index < 10 ? "0" : "")\(index)-\(ResourceIDs.make() as QueryID)"
            let pending = PendingLog(
              account: account, collaboration: request.collaboration, line: try entry.line(for: account))
            try writer.insert(.pendingLogs, id: id, parent: account.value, value: pending, at: time)
          }
        }
      }
    } catch {
      logger.error("analysis log entries could not be kept", metadata: ["query": "\(request.id)"])
    }
    for account in entitled { send(to: account) }
  }

  private static func wantsLog(_ account: AccountID, in room: Room, _ reader: DocumentReader) throws -> Bool {
    guard let id = room.record.state(of: account)?.membership else { return false }
    return try reader.get(.memberships, id.value)?.value.queryLogEnabled ?? false
  }

  // MARK: Sending

  /// Asks for an account's entries to be sent, now or as soon as it is connected.
  func send(to account: AccountID) { wish.yield(account) }

  func run(over link: LinkServer) async {
    await withDiscardingTaskGroup { group in
      for await account in wishes where begin(account) {
        group.addTask { await self.sendAll(to: account, over: link) }
      }
    }
  }

  func stop() { wish.finish() }

  private func begin(_ account: AccountID) -> Bool {
    sending.withLock { sending in
      defer { sending[account] = sending[account] != nil }
      return sending[account] == nil
    }
  }

  private func sendAll(to account: AccountID, over link: LinkServer) async {
    while true {
      sending.withLock { $0[account] = false }
      let isSent = await sendPending(to: account, over: link)
      let isDone = sending.withLock { sending in
        guard !isSent || sending[account] == false else { return false }
        sending[account] = nil
        return true
      }
      if isDone { return }
    }
  }

  /// - Returns: false when the member cannot take them now.
  private func sendPending(to account: AccountID, over link: LinkServer) async -> Bool {
    while link.isConnected(account) {
      guard let pending = try? store.read({ try $0.list(.pendingLogs, parent: account.value) }),
        let first = pending.first
      else { return true }
      let collaboration = first.value.collaboration
      let batch = pending.prefix(Self.linesPerMessage).prefix { $0.value.collaboration == collaboration }
      let entries = AnalysisLogEntries(collaboration: collaboration, lines: batch.map(\.value.line))
      do {
        let payload = try WireJSON.encode(entries)
        _ = try await link.request(MessageKind.log, payload, to: account, timeout: .seconds(10))
        try store.write { writer in
          for document in batch { try writer.delete(.pendingLogs, document.id) }
        }
      } catch {
        return false
      }
    }
    return false
  }
}
