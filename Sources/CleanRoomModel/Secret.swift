/// A value that must not appear in any log, error or dump: its printed form says nothing about it.
public struct Secret<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  private let value: Value

  public init(_ value: Value) { self.value = value }

  /// The only way to the value; the call site is what a reviewer looks for.
  public func withExposed<Result>(_ body: (Value) throws -> Result) rethrows -> Result { try body(value) }

  public var description: String { "<secret>" }
  public var debugDescription: String { "<secret>" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
