import CleanRoomModel
import CleanRoomStore
import Foundation
import Logging
import Synchronization

/// Writes what happens to queries into the analysis logs of the members concerned. An entry is durable here
/// until the member has it; nothing of this can delay or fail a query.
struct AnalysisLog: Sendable {
  let store: DocumentStore
  let sender: LogSender
  let logger: Logger
  let clock: @Sendable () -> Timestamp

  /// A query that was submitted, or refused for the reasons given.
  func submission(_ query: SubmittedQuery) {
    record(query.request, parties: Set(query.tables.map(\.owner))) { account, now in
      query.lines(for: account, at: now)
    }
  }

  /// As in AWS Clean Rooms, there is no entry for a query that was cancelled.
  func termination(of query: QueryRecord) {
    guard query.status != .cancelled else { return }
    record(query.request, parties: query.owners) { _, now in [TerminationEntry.line(query, at: now)] }
  }

  /// Bytes that wait for one member. What comes on top is left out, so that nobody can fill the coordinator's disk with
  /// entries for a member that stays away.
  static let waitingLimit = 64 << 20

  private func record(
    _ request: QueryRequest, parties: Set<AccountID>, _ lines: (AccountID, Timestamp) -> [String]
  ) {
    let now = clock()
    let everybody = parties.union(request.receivers).union([request.runner])
    do {
      let recipients = try store.write { writer in
        let recipients = try Self.entitled(everybody, in: request.collaboration, writer)
        for account in recipients {
          guard try writer.size(.pendingLogs, parent: account.value) < Self.waitingLimit else {
            logger.error("analysis log entries left out: too many wait", metadata: ["account": "\(account)"])
            continue
          }
          for line in lines(account, now) {
            try writer.put(
              .pendingLogs, id: LogOrder.next(), parent: account.value,
              value: PendingLog(account: account, collaboration: request.collaboration, line: line), at: now)
          }
        }
        return recipients
      }
      for account in recipients { sender.wake(account) }
    } catch {
      logger.error("analysis log entries could not be written", metadata: ["query": "\(request.id)"])
    }
  }

  /// Both the collaboration and the member's membership must have the log switched on.
  static func entitled(
    _ accounts: Set<AccountID>, in collaboration: CollaborationID, _ reader: DocumentReader
  ) throws -> [AccountID] {
    guard let record = try reader.get(.collaborations, collaboration.value)?.value,
      record.charter.queryLogEnabled
    else {
      return []
    }
    return try accounts.sorted().filter { account in
      guard let membership = record.state(of: account)?.membership else { return false }
      return try reader.get(.memberships, membership.value)?.value.queryLogEnabled ?? false
    }
  }
}

/// Identifiers that sort in the order in which they were made, within one run of the daemon; times order the
/// runs.
enum LogOrder {
  private static let count = Mutex(0)

  static func next() -> String {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let digits = String(number)
    return String(repeating: "0", count: max(12 - digits.count, 0)) + digits + "-"
      + UUID().uuidString.lowercased()
  }
}
