import CleanRoomModel
import CleanRoomSQL

/// Frames of window functions.
extension CustomResolver {
  /// A frame that was checked; no value where none is written.
  struct CheckedFrame { let value: WindowCall.Frame? }

  mutating func frame(
    _ written: WindowFrame?, _ order: [WindowCall.Order], of kind: WindowKind, at span: SourceSpan
  ) -> CheckedFrame? {
    guard !(order.isEmpty && kind.needsOrder) else {
      refuse(.unsupportedConstruct, ReasonText.windowNeedsOrder, at: span)
      return nil
    }
    guard let written else { return CheckedFrame(value: nil) }
    guard kind.takesFrame else {
      refuse(.unsupportedConstruct, ReasonText.noFrame, at: span)
      return nil
    }
    guard let start = bound(written.start, at: span), let end = bound(written.end, at: span) else { return nil }
    guard start.rank <= end.rank, start != .unboundedFollowing, end != .unboundedPreceding else {
      refuse(.unsupportedConstruct, ReasonText.frameOrder, at: span)
      return nil
    }
    if written.unit == .range, [start, end].contains(where: \.hasDistance) {
      let type = order.count == 1 ? order[0].expression.type : .binary
      guard type.isInteger || type == .date else {
        refuse(.unsupportedConstruct, ReasonText.rangeDistance, at: span)
        return nil
      }
    }
    return CheckedFrame(value: WindowCall.Frame(unit: written.unit, start: start, end: end))
  }

  private mutating func bound(_ bound: WindowFrame.Bound, at span: SourceSpan) -> WindowCall.Bound? {
    switch bound {
    case .unboundedPreceding: return .unboundedPreceding
    case .unboundedFollowing: return .unboundedFollowing
    case .currentRow: return .currentRow
    case .preceding(let distance): return count(distance).map { .preceding($0) }
    case .following(let distance): return count(distance).map { .following($0) }
    }
  }

  private mutating func count(_ distance: Expression) -> TypedLiteral? {
    if case .literal(.integer(let digits)) = distance.node, let value = Int32(digits) {
      return .integer(Int64(value))
    }
    refuse(.unsupportedConstruct, ReasonText.frameDistance, at: distance.span)
    return nil
  }
}

extension WindowCall.Bound {
  fileprivate var hasDistance: Bool {
    switch self {
    case .preceding, .following: true
    case .unboundedPreceding, .currentRow, .unboundedFollowing: false
    }
  }

  /// Where the bound lies from the partition's start to its end.
  fileprivate var rank: Int64 {
    switch self {
    case .unboundedPreceding: .min
    case .preceding(.integer(let distance)): -distance
    case .following(.integer(let distance)): distance
    case .unboundedFollowing: .max
    case .currentRow, .preceding, .following: 0
    }
  }
}

extension WindowKind {
  /// Spark demands an order for ranks and positions.
  var needsOrder: Bool {
    switch self {
    case .aggregate, .firstValue, .lastValue, .nthValue: false
    default: true
    }
  }

  /// Ranks and distances have a frame of their own.
  var takesFrame: Bool {
    switch self {
    case .aggregate, .firstValue, .lastValue, .nthValue: true
    default: false
    }
  }
}
