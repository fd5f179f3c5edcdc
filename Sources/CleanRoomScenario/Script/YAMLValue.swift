import CleanRoomDaemon

/// A value in a YAML file, to be read as the type that is needed. Every error names file, line, column and key.
public struct YAMLValue: Sendable {
  public let node: YAMLNode
  public let file: String
  /// From the top: `parties.retailer.files`, `steps[3].with`.
  public let path: String

  public var line: Int { node.place.line }

  func member(_ name: String) -> String {
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
      return "\(path)[\"\(name)\"]"
    }
    return path.isEmpty ? name : path + "." + name
  }

  public func fail(_ problem: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(
      file: file, place: node.place, key: path.isEmpty ? nil : path, problem: problem, remedy: remedy)
  }

  // MARK: Structure

  public func mapping() throws(ConfigurationError) -> YAMLReader { try YAMLReader(self) }

  /// The elements of a sequence.
  public func elements() throws(ConfigurationError) -> [YAMLValue] {
    guard case .sequence(let nodes) = node.content else {
      throw fail("should be a list", "Write [A, B], or one line per element beginning with a dash")
    }
    return nodes.enumerated().map { YAMLValue(node: $0.element, file: file, path: "\(path)[\($0.offset)]") }
  }

  public var isScalar: Bool { if case .scalar = node.content { true } else { false } }
  public var isSequence: Bool { if case .sequence = node.content { true } else { false } }
  public var isMapping: Bool { if case .mapping = node.content { true } else { false } }

  // MARK: Scalars

  /// Any single value as it is written: `12` and `"12"` alike.
  public func string() throws(ConfigurationError) -> String {
    guard case .scalar(let text, _) = node.content else { throw fail("should be a single value", "Write it as text") }
    return text
  }

  public func strings() throws(ConfigurationError) -> [String] {
    var result: [String] = []
    for element in try elements() { result.append(try element.string()) }
    return result
  }

  /// One of the words.
  public func choice(_ words: [String]) throws(ConfigurationError) -> String {
    let text = try string()
    guard words.contains(text) else {
      let guess = Misspelling.closest(to: text, among: words).map { "Did you mean \($0)? " } ?? ""
      throw fail("has the unknown value \(text)", "\(guess)Known here: \(words.joined(separator: ", "))")
    }
    return text
  }

  /// A plain scalar that `read` understands.
  private func plain<Value>(
    _ form: String, _ remedy: String = "Correct it", _ read: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    guard case .scalar(let text, let isPlain) = node.content else { throw fail("should be \(form)", remedy) }
    guard let value = read(text) else { throw fail("should be \(form), not \(text)", remedy) }
    guard isPlain else { throw fail("should be \(form), not text", "Remove the quotes") }
    return value
  }

  public func integer(minimum: Int = .min, maximum: Int = .max) throws(ConfigurationError) -> Int {
    let range =
      switch (minimum, maximum) {
      case (.min, .max): ""
      case (_, .max): " of at least \(minimum)"
      case (.min, _): " of at most \(maximum)"
      default: " from \(minimum) to \(maximum)"
      }
    return try plain("a whole number" + range) { text in
      Int(text).flatMap { (minimum...maximum).contains($0) ? $0 : nil }
    }
  }

  public func unsigned() throws(ConfigurationError) -> UInt64 {
    try plain("a whole number from 0 to \(UInt64.max)") { UInt64($0) }
  }

  /// A finite number.
  public func double(minimum: Double? = nil, maximum: Double? = nil) throws(ConfigurationError) -> Double {
    let range = [minimum.map { "of at least \($0)" }, maximum.map { "of at most \($0)" }].compactMap { $0 }
    let form = (["a number"] + (range.isEmpty ? [] : [range.joined(separator: " and ")])).joined(separator: " ")
    return try plain(form) { text in
      Self.number(text).flatMap { $0 >= minimum ?? $0 && $0 <= maximum ?? $0 ? $0 : nil }
    }
  }

  /// A share of a whole, from 0 to 1: `0.25` or `25%`.
  public func share() throws(ConfigurationError) -> Double {
    try plain("a share such as 0.25 or 25%") { text in
      let number = text.last == "%" ? Self.number(String(text.dropLast())).map { $0 / 100 } : Self.number(text)
      return number.flatMap { (0...1).contains($0) ? $0 : nil }
    }
  }

  public func bool() throws(ConfigurationError) -> Bool { try plain("true or false") { Bool($0) } }

  /// `200ms`, `30s`, `2min` or `24h`.
  public func duration() throws(ConfigurationError) -> Duration {
    try plain("a duration such as 200ms, 30s or 2min") { Quantity.duration($0) }
  }

  /// `10MiB`, `2GB` or `1048576`.
  public func bytes() throws(ConfigurationError) -> Int {
    try plain("a size such as 512KiB or 10MiB") { Quantity.bytes($0) }
  }

  /// Digits, point and exponent only: no hexadecimal, no infinity.
  static func number(_ text: String) -> Double? {
    guard let last = text.last, last.isNumber, text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) })
    else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }
}
