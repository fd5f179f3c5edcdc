/// A JSON document. Integers stay exact; objects have no order.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case dictionary([String: JSONValue])

  /// An object without the members that are nil: the API leaves absent members out.
  public static func object(_ members: [String: JSONValue?]) -> JSONValue {
    .dictionary(members.compactMapValues { $0 })
  }

  public static func strings(_ strings: some Sequence<String>) -> JSONValue { .array(strings.map { .string($0) }) }

  public subscript(name: String) -> JSONValue? {
    get { if case .dictionary(let members) = self { members[name] } else { nil } }
    set {
      guard case .dictionary(var members) = self else { return }
      members[name] = newValue
      self = .dictionary(members)
    }
  }

  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var int: Int? { if case .integer(let value) = self { Int(exactly: value) } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  public var dictionary: [String: JSONValue]? { if case .dictionary(let value) = self { value } else { nil } }
  public var stringList: [String]? { array?.compactMap(\.string) }

  /// Compact JSON with sorted members: equal values have equal bytes.
  public var text: String {
    var output: [UInt8] = []
    write(to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  public var bytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  private func write(to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): output += "\(value)".utf8
    case .number(let value): output += Self.text(of: value).utf8
    case .string(let value): Self.write(value, to: &output)
    case .array(let values): Self.writeList(values, open: "[", close: "]", to: &output) { $0.write(to: &$1) }
    case .dictionary(let members):
      Self.writeList(members.sorted { $0.key < $1.key }, open: "{", close: "}", to: &output) { member, output in
        Self.write(member.key, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
    }
  }

  private static func writeList<Element>(
    _ elements: [Element], open: String, close: String, to output: inout [UInt8],
    _ write: (Element, inout [UInt8]) -> Void
  ) {
    output += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      write(element, &output)
    }
    output += close.utf8
  }

  /// Milliseconds are all that times need; a plain decimal, never an exponent for everyday sizes.
  private static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    return "\(value)"
  }

  private static func write(_ string: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F: output += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
