import CleanRoomEngine

/// Why a query ended without a result: a code for programs and one sentence for people.
struct QueryFailure: Error, Sendable, Codable, Equatable {
  enum Code: String, Sendable, Codable {
    case memberUnavailable = "MEMBER_UNAVAILABLE"
    case memberRefused = "MEMBER_REFUSED"
    case memberFailed = "MEMBER_FAILED"
    case rulesChanged = "RULES_CHANGED"
    case deliveryFailed = "DELIVERY_FAILED"
    case resourceLimit = "RESOURCE_LIMIT_EXCEEDED"
    case timeLimit = "TIME_LIMIT_EXCEEDED"
    case interrupted = "INTERRUPTED"
    case internalFailure = "INTERNAL_FAILURE"
  }

  var code: Code
  var message: String
}

extension QueryFailure {
  static let coordinatorRestarted = QueryFailure(
    code: .interrupted,
    message: "The coordinator restarted while the query was under way. Start the query again.")
  static let coordinatorStopped = QueryFailure(
    code: .interrupted,
    message: "The coordinator was stopped while the query was under way. Start the query again.")
  static let collaborationDeleted = QueryFailure(
    code: .interrupted, message: "The collaboration was deleted while the query was under way.")
  static let unforeseen = QueryFailure(
    code: .internalFailure,
    message:
      "The coordinator could not run the query. Its operator finds the reason in the coordinator's log.")

  static func tooLong(_ limit: Duration) -> QueryFailure {
    QueryFailure(
      code: .timeLimit,
      message:
        "The query ran longer than \(Wording.seconds(limit)) seconds. Narrow it, or ask the coordinator's operator to raise limits.queryTime."
    )
  }

  /// What the combining engine could not do.
  init(_ error: EngineError, limits: EngineLimits) {
    switch error.kind {
    case .outOfMemory:
      self.init(
        code: .resourceLimit,
        message:
          "The query needs more than the coordinator's limits.queryMemory (\(Wording.size(limits.memory))) and limits.querySpill (\(Wording.size(limits.spill))) allow. Narrow the query, or ask the coordinator's operator to raise them."
      )
    case .sourceUnreadable:
      self.init(
        code: .resourceLimit,
        message:
          "The coordinator could not write the query's temporary files. Ask its operator to check the free space of its state folder."
      )
    case .interrupted: self.init(code: .interrupted, message: "The query was stopped.")
    default: self = .unforeseen
    }
  }
}

/// Numbers and foreign words in messages.
enum Wording {
  private static let longest = 4_000

  /// What another organization's daemon said, cut to a bounded length.
  static func bounded(_ text: String) -> String {
    text.utf8.count <= longest ? text : String(text.unicodeScalars.prefix(longest)) + "…"
  }

  /// Ends with one full stop, also where the text already has it.
  static func sentence(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

  static func size(_ bytes: Int) -> String {
    bytes % (1 << 30) == 0 ? "\(bytes >> 30)GiB" : "\(bytes >> 20)MiB"
  }

  static func seconds(_ duration: Duration) -> String {
    let (whole, rest) = duration.components
    return rest == 0 ? "\(whole)" : "\(Double(whole) + Double(rest) / 1e18)"
  }
}
