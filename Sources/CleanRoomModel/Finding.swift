/// The outcome of one check of an installation, for its operator.
public struct Finding: Sendable, Equatable {
  public enum Status: String, Sendable, Comparable {
    case ok, warn
    case fail = "FAIL"

    private var rank: Int { self == .ok ? 0 : self == .warn ? 1 : 2 }
    public static func < (left: Status, right: Status) -> Bool { left.rank < right.rank }
  }

  public let status: Status
  /// What was checked.
  public let subject: String
  /// What was found, and what to do where that is something.
  public let text: String

  private init(_ status: Status, _ subject: String, _ text: String) {
    self.status = status
    self.subject = subject
    self.text = text
  }

  public static func ok(_ subject: String, _ text: String) -> Finding { Finding(.ok, subject, text) }
  public static func warn(_ subject: String, _ text: String) -> Finding { Finding(.warn, subject, text) }
  public static func fail(_ subject: String, _ text: String) -> Finding { Finding(.fail, subject, text) }
}
