import CleanRoomAPI

/// A place in a JSON value: `protectedQuery.result.output.memberList[0].accountId`.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
  public enum Step: Sendable, Hashable {
    case member(String)
    case element(Int)
  }

  public let steps: [Step]

  public init(_ steps: [Step]) {
    self.steps = steps
  }

  /// - Returns: nil if the text is not of that form.
  public init?(_ text: String) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { return nil }
      steps.append(.member(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.last == "]", let index = Int(piece.dropLast()), index >= 0 else { return nil }
        steps.append(.element(index))
      }
    }
    self.steps = steps
  }

  /// - Returns: nil where there is no such place.
  public func value(in root: JSONValue) -> JSONValue? {
    steps.reduce(root) { value, step in
      switch step {
      case .member(let name): value?[name]
      case .element(let index):
        value?.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
    }
  }

  public var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .member(let name): text += text.isEmpty ? name : "." + name
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}
