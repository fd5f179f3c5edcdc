import CleanRoomModel
import CleanRoomTransport
import Synchronization

/// Finds, for a data connection that a member opened, the running query that waits for it.
final class Rendezvous: Sendable {
  private struct Waiting {
    var gatherings: [QueryID: Gathering] = [:]
    var deliveries: [QueryID: [AccountID: Delivery]] = [:]
  }

  private let waiting = Mutex(Waiting())

  func expect(_ gathering: Gathering, for query: QueryID) {
    waiting.withLock { $0.gatherings[query] = gathering }
  }

  func expect(_ delivery: Delivery, for query: QueryID) {
    waiting.withLock { $0.deliveries[query, default: [:]][delivery.receiver] = delivery }
  }

  func forget(_ query: QueryID) {
    waiting.withLock {
      $0.gatherings[query] = nil
      $0.deliveries[query] = nil
    }
  }

  func gathering(for query: QueryID) -> Gathering? { waiting.withLock { $0.gatherings[query] } }

  func memberGone(_ account: AccountID) {
    for gathering in waiting.withLock({ Array($0.gatherings.values) }) { gathering.lose(account) }
  }

  /// A result is fetched once: the second connection of a receiver finds nothing.
  func takeDelivery(for query: QueryID, to account: AccountID) -> Delivery? {
    waiting.withLock { $0.deliveries[query]?.removeValue(forKey: account) }
  }
}
