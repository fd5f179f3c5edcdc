import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire
import Foundation
import Logging

/// Tells the coordinator what this organization has withdrawn. A note is durable before the withdrawal counts here, and
/// stays until the coordinator has it.
struct Withdrawals: Sendable {
  let store: DocumentStore
  let coordinator: Coordinator
  /// For ARNs.
  let region: String
  let logger: Logger
  let clock: @Sendable () -> Timestamp

  func note(_ note: WithdrawalNote, at time: Timestamp, _ writer: DocumentWriter) throws {
    try writer.put(
      .withdrawalNotes, id: UUID().uuidString.lowercased(), parent: nil, value: note, at: time)
  }

  /// Oldest first: tables before the membership that they belong to. Ends where the coordinator cannot be reached.
  func send() async {
    let notes = (try? store.read { try $0.list(.withdrawalNotes) }) ?? []
    for document in notes {
      do {
        try await send(document.value)
      } catch let error as APIError where error.status < 500 {
        // The coordinator has nothing of it, or wants nothing of it: there is nothing left to say.
        logger.info("withdrawal", metadata: ["status": "\(error.status)"])
      } catch {
        logger.warning("a withdrawal counts here; the coordinator will be told when it can be reached")
        return
      }
      try? store.write { try $0.delete(.withdrawalNotes, document.id) }
    }
  }

  private func send(_ note: WithdrawalNote) async throws {
    if let table = note.association { _ = try await coordinator.ask(MessageKind.withdrawTable, table) }
    if let departure = note.departure {
      let input = JSONValue.object(["membershipIdentifier": .string(departure.membership.value)])
      let call = ForwardedCall(
        operation: "DeleteMembership", input: input.text, document: departure.document, region: region,
        extended: true)
      _ = try await coordinator.ask(MessageKind.call, call)
    }
  }
}
