import CleanRoomAPI
import CleanRoomModel

/// Reads structures out of validated inputs.
enum Inputs {
  static func queryLogEnabled(_ input: JSONValue) -> Bool? {
    input["queryLogStatus"]?.string.map { $0 == "ENABLED" }
  }

  static func defaultResult(_ input: JSONValue) -> DefaultResult? {
    let configuration = input["defaultResultConfiguration"]
    return configuration?["outputConfiguration"]?["s3"].flatMap(location).map {
      DefaultResult(location: $0, roleArn: configuration?["roleArn"]?.string)
    }
  }

  static func location(_ s3: JSONValue) -> ResultLocation? {
    guard let bucket = s3["bucket"]?.string,
      let format = s3["resultFormat"]?.string.flatMap({ ResultFormat(rawValue: $0) })
    else { return nil }
    return ResultLocation(bucket: bucket, keyPrefix: s3["keyPrefix"]?.string, resultFormat: format)
  }

  private static let outputPath = "resultConfiguration.outputConfiguration"

  /// What is to become of a query's result.
  /// - Parameter standard: the default of the runner's membership, for a request that says nothing.
  static func requestedOutput(
    _ input: JSONValue, runner: AccountID, standard: DefaultResult?
  ) throws(APIError) -> RequestedOutput {
    guard let output = input["resultConfiguration"]?["outputConfiguration"] else {
      guard let standard else {
        throw .validation(
          "The request has no result configuration and the membership has no default one. Give --result-configuration, or set a default with update-membership."
        )
      }
      return RequestedOutput(kind: .s3, s3: standard.location, members: [])
    }
    if let s3 = output["s3"], let place = location(s3) {
      return RequestedOutput(
        kind: .s3, s3: place, singleFileOutput: s3["singleFileOutput"]?.bool, members: [])
    }
    if let account = output["member"].flatMap(account) {
      return RequestedOutput(kind: .member, members: [account])
    }
    if let locations = output["distribute"]?["locations"]?.array {
      return try distributed(locations, runner: runner)
    }
    throw .field(
      outputPath,
      "The output should be one of s3, member and distribute; others are not available in this version.")
  }

  private static func distributed(_ locations: [JSONValue], runner: AccountID) throws(APIError)
    -> RequestedOutput
  {
    var output = RequestedOutput(kind: .distribute, members: [])
    var problems: [APIError.Field] = []
    for (index, element) in locations.enumerated() {
      let path = "\(outputPath).distribute.locations[\(index)]"
      if let s3 = element["s3"], let place = location(s3) {
        if output.s3 != nil {
          problems.append(.init(name: path, message: "At most one location may be an s3 location."))
        }
        output.s3 = place
        output.singleFileOutput = s3["singleFileOutput"]?.bool
      } else if let account = element["member"].flatMap(account) {
        if account == runner {
          problems.append(
            .init(name: path, message: "For the account that runs the query, use an s3 location."))
        } else if output.members.contains(account) {
          problems.append(.init(name: path, message: "Account \(account) is listed twice."))
        }
        output.members.append(account)
      }
    }
    if locations.isEmpty {
      problems.append(
        .init(name: "\(outputPath).distribute.locations", message: "At least one location is needed."))
    }
    guard problems.isEmpty else { throw .fields(problems) }
    return output
  }

  private static func account(_ member: JSONValue) -> AccountID? {
    member["accountId"]?.string.flatMap { AccountID($0) }
  }
}
