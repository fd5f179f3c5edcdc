import Foundation
import Logging

/// Writes one JSON object a line to standard error. Control characters are escaped and lengths are bounded, so that
/// one event is always one line (CWE-117).
public struct JSONLog: LogHandler {
  public var logLevel: Logger.Level = .info
  public var metadata: Logger.Metadata = [:]
  private let label: String
  private static let textLimit = 2_000

  public init(label: String) { self.label = label }

  public static func logger(label: String) -> Logger { Logger(label: label) { JSONLog(label: $0) } }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var fields: [(String, String)] = [
      ("time", Self.now()), ("level", event.level.rawValue), ("daemon", label), ("message", event.message.description),
    ]
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    fields += all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
    let line = "{" + fields.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }.joined(separator: ",") + "}\n"
    // One write call a line, so that lines of several threads do not mix.
    FileHandle.standardError.write(Data(line.utf8))
  }

  private static func now() -> String {
    Date().formatted(.iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true))
  }

  static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars.prefix(textLimit) {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      default:
        // C0 and C1 controls, DEL, and the line and paragraph separators.
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
          || scalar.value == 0x2029
        {
          let digits = String(scalar.value, radix: 16)
          output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
    return output + "\""
  }
}
