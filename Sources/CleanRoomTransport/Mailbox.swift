import Synchronization

/// Hands elements from one task to another, in order. One taker at a time.
final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var items: [Element] = []
    var waiter: CheckedContinuation<Element?, any Error>?
    var isClosed = false
    var error: (any Error)?
  }

  private let state = Mutex(State())

  init(_ items: [Element] = []) { state.withLock { $0.items = items } }

  var count: Int { state.withLock { $0.items.count } }

  /// - Returns: false when the box is closed.
  @discardableResult
  func put(_ element: Element) -> Bool {
    let (isOpen, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Element?, any Error>?) in
      guard !state.isClosed else { return (false, nil) }
      guard let waiter = state.waiter else {
        state.items.append(element)
        return (true, nil)
      }
      state.waiter = nil
      return (true, waiter)
    }
    waiter?.resume(returning: element)
    return isOpen
  }

  /// What is in the box can still be taken; then takers get nil, or the error.
  func close(_ error: (any Error)? = nil) {
    let waiter = state.withLock { state -> CheckedContinuation<Element?, any Error>? in
      guard !state.isClosed else { return nil }
      state.isClosed = true
      state.error = error
      defer { state.waiter = nil }
      return state.waiter
    }
    if let error { waiter?.resume(throwing: error) } else { waiter?.resume(returning: nil) }
  }

  func take() async throws -> Element? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let ready = state.withLock { state -> Result<Element?, any Error>? in
          if !state.items.isEmpty { return .success(state.items.removeFirst()) }
          if let error = state.error { return .failure(error) }
          if state.isClosed { return .success(nil) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiter = continuation
          return nil
        }
        if let ready { continuation.resume(with: ready) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume(throwing: CancellationError())
    }
  }
}
