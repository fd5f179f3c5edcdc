import CleanRoomModel

/// What can happen to a protected query.
enum QueryEvent: Sendable, Equatable {
  case started
  case cancelRequested
  case cancelled
  case succeeded
  case failed(QueryFailure)
  case timedOut(QueryFailure)
}

/// Why a query ended without a result: a code for programs and one sentence for people.
struct QueryFailure: Error, Sendable, Codable, Equatable {
  enum Code: String, Sendable, Codable {
    case memberUnavailable = "MEMBER_UNAVAILABLE"
    case memberRefused = "MEMBER_REFUSED"
    case memberFailed = "MEMBER_FAILED"
    case deliveryFailed = "DELIVERY_FAILED"
    case resourceLimit = "RESOURCE_LIMIT_EXCEEDED"
    case timeLimit = "TIME_LIMIT_EXCEEDED"
    case interrupted = "INTERRUPTED"
    case internalFailure = "INTERNAL_FAILURE"
  }

  var code: Code
  var message: String
}

extension ProtectedQueryStatus {
  /// The status after an event; nil where the event changes nothing any more.
  ///
  ///     SUBMITTED → STARTED | CANCELLING | FAILED | TIMED_OUT
  ///     STARTED → SUCCESS | FAILED | TIMED_OUT | CANCELLING
  ///     CANCELLING → CANCELLED
  func after(_ event: QueryEvent) -> ProtectedQueryStatus? {
    switch (self, event) {
    case (.submitted, .started): .started
    case (.submitted, .cancelRequested), (.started, .cancelRequested): .cancelling
    case (.submitted, .failed), (.started, .failed): .failed
    case (.submitted, .timedOut), (.started, .timedOut): .timedOut
    case (.started, .succeeded): .success
    // Whatever the work came to after a cancel request, the query counts as cancelled.
    case (.cancelling, .cancelled), (.cancelling, .failed), (.cancelling, .timedOut): .cancelled
    default: nil
    }
  }
}
