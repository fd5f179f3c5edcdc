import CleanRoomAPI
import CleanRoomModel
import Foundation
import Logging

/// What the log says of one call, in the fields of AWS CloudTrail; texts of analyses and values of parameters are not
/// among them, and whoever presents no valid signature gets none of its own words written down.
struct RequestNote {
  let requestID = UUID().uuidString.lowercased()
  var operation: CleanRoomAPI.Operation?
  /// The key whose signature was verified.
  var accessKey: String?
  var input: JSONValue?
  var error: APIError?

  /// Members that CloudTrail shows as `***`, and the values of template parameters.
  private static let redacted: Set<String> = [
    "sqlParameters", "source", "analysisParameters", "parameters", "queryString", "defaultValue",
  ]
  private static let longest = 1_500

  func fields(
    account: AccountID, region: String, request: APIRequest?, status: Int, duration: Duration
  ) -> Logger.Metadata {
    var fields: Logger.Metadata = [
      "eventSource": "cleanrooms.amazonaws.com", "eventName": "\(operation?.name ?? "-")", "awsRegion": "\(region)",
      "accountId": "\(account)", "accessKeyId": "\(accessKey ?? "-")", "requestID": "\(requestID)",
      "sourceIPAddress": "\(request?.source ?? "-")", "readOnly": "\(isReadOnly)", "status": "\(status)",
      "milliseconds": "\(Self.milliseconds(duration))",
    ]
    guard accessKey != nil else { return fields.merging(["errorCode": "\(error?.type ?? "-")"]) { $1 } }
    if let agent = request?.values(of: "user-agent").first { fields["userAgent"] = "\(agent.prefix(200))" }
    if let input { fields["requestParameters"] = "\(Self.shown(input).text.prefix(Self.longest))" }
    if let error { fields["errorCode"] = "\(error.type)" }
    return fields
  }

  private var isReadOnly: Bool {
    guard let name = operation?.name else { return true }
    return ["Get", "List", "BatchGet", "Preview"].contains { name.hasPrefix($0) }
  }

  private static func milliseconds(_ duration: Duration) -> Int64 {
    duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
  }

  private static func shown(_ value: JSONValue) -> JSONValue {
    switch value {
    case .dictionary(let members):
      .dictionary(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0, redacted.contains($0) ? .string("***") : shown($1)) }))
    case .array(let elements): .array(elements.map(shown))
    default: value
    }
  }
}
