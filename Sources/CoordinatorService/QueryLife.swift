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
