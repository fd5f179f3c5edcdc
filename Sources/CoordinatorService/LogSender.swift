import CleanRoomModel
import CleanRoomStore
import CleanRoomWire
import Logging
import Synchronization

/// Brings analysis log entries to their members: in order, one message at a time per member, and again until
/// they are acknowledged.
final class LogSender: Sendable {
  private static let linesPerMessage = 32
  private static let bytesPerMessage = 2 << 20

  private let store: DocumentStore
  private let link: any MemberLink
  private let logger: Logger
  private let woken: AsyncStream<AccountID>
  private let wakeUp: AsyncStream<AccountID>.Continuation
  /// Members being served; true when more may have come for them since.
  private let busy = Mutex<[AccountID: Bool]>([:])

  init(store: DocumentStore, link: any MemberLink, logger: Logger) {
    self.store = store
    self.link = link
    self.logger = logger
    (woken, wakeUp) = AsyncStream.makeStream()
  }

  /// There may be entries for this member, and it may be connected.
  func wake(_ account: AccountID) { wakeUp.yield(account) }

  /// Sends until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await account in woken where claim(account) {
        group.addTask {
          repeat { await self.flush(account) } while self.hasMore(account)
        }
      }
    }
  }

  private func claim(_ account: AccountID) -> Bool {
    busy.withLock { busy in
      guard busy[account] == nil else {
        busy[account] = true
        return false
      }
      busy[account] = false
      return true
    }
  }

  private func hasMore(_ account: AccountID) -> Bool {
    busy.withLock { busy in
      guard busy[account] == true else {
        busy[account] = nil
        return false
      }
      busy[account] = false
      return true
    }
  }

  private func flush(_ account: AccountID) async {
    do {
      while link.isConnected(account), let (ids, entries) = try next(for: account) {
        _ = try await link.request(
          MessageKind.log, try WireJSON.encode(entries), to: account, timeout: .seconds(10))
        try store.write { writer in
          for id in ids { try writer.delete(.pendingLogs, id) }
        }
      }
    } catch {
      // They stay where they are until the member connects again or the next entry comes.
      logger.warning("analysis log entries wait", metadata: ["account": "\(account)"])
    }
  }

  /// The oldest entries of one collaboration that fit into a message.
  private func next(for account: AccountID) throws -> (ids: [String], entries: AnalysisLogEntries)? {
    let pending = try store.read { try $0.list(.pendingLogs, parent: account.value, limit: Self.linesPerMessage) }
    guard let first = pending.first else { return nil }
    let collaboration = first.value.collaboration
    var size = 0
    let chosen = pending.prefix(Self.linesPerMessage).prefix { document in
      size += document.value.line.utf8.count
      return document.value.collaboration == collaboration
        && (size <= Self.bytesPerMessage || document.id == first.id)
    }
    return (
      chosen.map(\.id), AnalysisLogEntries(collaboration: collaboration, lines: chosen.map(\.value.line))
    )
  }
}
