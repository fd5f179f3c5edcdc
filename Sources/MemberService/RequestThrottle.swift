import CleanRoomAPI
import Synchronization

/// How many requests one access key may send.
final class RequestRate: Sendable {
  private struct Bucket {
    var tokens: Double
    var filledAt: ContinuousClock.Instant
  }

  /// Requests a second; as many may come at once after a quiet second.
  private let limit: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  init(requestsPerSecond: Int) { limit = Double(requestsPerSecond) }

  /// - Parameter accessKey: a verified one, so that strangers neither use up another's share nor fill the table.
  /// - Throws: 429 for a request too many.
  func admit(_ accessKey: String, at now: ContinuousClock.Instant = .now) throws(APIError) {
    let isAdmitted = buckets.withLock { buckets in
      var bucket = buckets[accessKey] ?? Bucket(tokens: limit, filledAt: now)
      bucket.tokens = min(limit, bucket.tokens + (now - bucket.filledAt) / .seconds(1) * limit)
      bucket.filledAt = now
      defer { buckets[accessKey] = bucket }
      guard bucket.tokens >= 1 else { return false }
      bucket.tokens -= 1
      return true
    }
    guard isAdmitted else {
      throw .throttled(
        "Rate exceeded: this access key may send \(Int(limit)) requests a second. Send fewer, and repeat this one.")
    }
  }
}

/// How many requests may wait for the coordinator at once. The link takes a few more, which leaves room for what the
/// daemon itself has to say to the coordinator.
final class ForwardingLimit: Sendable {
  static let places = 48
  private let taken = Mutex(0)

  /// - Throws: 429 when every place is taken.
  func enter() throws(APIError) {
    let isFree = taken.withLock { taken in
      guard taken < Self.places else { return false }
      taken += 1
      return true
    }
    guard isFree else {
      throw .throttled("\(Self.places) requests wait for the coordinator already. Repeat this one in a moment.")
    }
  }

  func leave() { taken.withLock { $0 -= 1 } }
}
