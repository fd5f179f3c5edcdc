/// A configuration that cannot be used: which file, which key, what is wrong, what to do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  public let file: String
  /// Path of the key: `api.listen`; nil when the whole file is meant.
  public let key: String?
  public let problem: String
  public let remedy: String

  public init(file: String, key: String? = nil, problem: String, remedy: String) {
    self.file = file
    self.key = key
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    "\(file): \(key.map { "\($0) " } ?? "")\(problem). \(remedy)."
  }
}
