import Synchronization

/// A value that can be exchanged while others use it: whoever asks next gets the new one.
final class Live<Value: Sendable>: Sendable {
  private let value: Mutex<Value>

  init(_ value: Value) { self.value = Mutex(value) }

  var current: Value { value.withLock { $0 } }

  func exchange(_ new: Value) { value.withLock { $0 = new } }
}
