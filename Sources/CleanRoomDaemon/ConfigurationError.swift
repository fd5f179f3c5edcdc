/// A configuration that cannot be used: which file, which place, what is wrong, what to do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where in a file; both count from 1.
  public struct Place: Sendable, Equatable, Comparable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }

    public static func < (left: Place, right: Place) -> Bool { (left.line, left.column) < (right.line, right.column) }
  }

  public let file: String
  public let place: Place?
  /// Path of the key: `api.listen`; nil when the whole file is meant.
  public let key: String?
  public let problem: String
  public let remedy: String

  public init(file: String, place: Place? = nil, key: String? = nil, problem: String, remedy: String) {
    self.file = file
    self.place = place
    self.key = key
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    let position = place.map { "\($0.line):\($0.column):" } ?? ""
    let end = remedy.hasSuffix("?") ? "" : "."
    return "\(file):\(position) \(key.map { "\($0) " } ?? "")\(problem). \(remedy)\(end)"
  }
}
