import CleanRoomAPI
import CleanRoomModel

/// Reads the parts of validated inputs.
enum Inputs {
  static func defaultResult(_ input: JSONValue) throws(APIError) -> DefaultResult? {
    guard let configuration = input["defaultResultConfiguration"], configuration.dictionary != nil else { return nil }
    guard let location = configuration["outputConfiguration"]?["s3"].flatMap(location) else { throw .internalError }
    return DefaultResult(location: location, roleArn: configuration["roleArn"]?.string)
  }

  static func location(_ s3: JSONValue) -> ResultLocation? {
    guard let bucket = s3["bucket"]?.string,
      let format = s3["resultFormat"]?.string.flatMap({ ResultFormat(rawValue: $0) })
    else { return nil }
    return ResultLocation(bucket: bucket, keyPrefix: s3["keyPrefix"]?.string, resultFormat: format)
  }

  /// What the runner wants done with the result; its membership's default where the request says nothing.
  static func output(_ input: JSONValue, membership: MembershipRecord) throws(APIError) -> RequestedOutput {
    let output = input["resultConfiguration"]?["outputConfiguration"]
    if let s3 = output?["s3"], let location = location(s3) {
      return RequestedOutput(kind: .s3, s3: location, singleFileOutput: s3["singleFileOutput"]?.bool, members: [])
    }
    if let member = output?["member"].flatMap(account) {
      return RequestedOutput(kind: .member, s3: nil, singleFileOutput: nil, members: [member])
    }
    if let locations = output?["distribute"]?["locations"]?.array {
      return try distributed(locations, runner: membership.account)
    }
    guard let standard = membership.defaultResult else {
      throw .validation(
        "The request has no result configuration and the membership has no default one. Give --result-configuration, or set a default with update-membership.")
    }
    return RequestedOutput(kind: .s3, s3: standard.location, singleFileOutput: nil, members: [])
  }

  private static func account(_ member: JSONValue) -> AccountID? { member["accountId"]?.string.flatMap { AccountID($0) } }

  private static func distributed(_ locations: [JSONValue], runner: AccountID) throws(APIError) -> RequestedOutput {
    let own = locations.compactMap { $0["s3"] }
    let members = locations.compactMap { $0["member"].flatMap(account) }
    guard own.count <= 1, !members.contains(runner), Set(members).count == members.count,
      own.count + members.count == locations.count, !locations.isEmpty
    else {
      throw .field(
        "resultConfiguration.outputConfiguration.distribute.locations",
        "A result is distributed to at most one s3 location, which is the runner's, and to each other member at most once.")
    }
    return RequestedOutput(
      kind: .distribute, s3: own.first.flatMap(location), singleFileOutput: own.first?["singleFileOutput"]?.bool,
      members: members)
  }
}

extension RequestedOutput {
  /// The accounts that the runner's signature must name, in order.
  func receivers(runner: AccountID) -> [AccountID] { (s3 == nil ? [] : [runner]) + members }
}
