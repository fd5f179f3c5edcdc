import CleanRoomModel

/// The result configuration of StartProtectedQuery. The runner's daemon, which signs the receivers, and the coordinator
/// read it with this same code.
public struct ResultRequest: Sendable, Equatable {
  public private(set) var output: RequestedOutput
  /// Where the runner itself wants the result, if it receives one.
  public private(set) var ownPlace: ResultLocation?
  /// Where the request names that place.
  public private(set) var ownPath = Self.root + ".s3"

  private static let root = "resultConfiguration.outputConfiguration"

  /// - Parameters:
  ///   - input: the validated input.
  ///   - standard: the default of the runner's membership, for a request that names no place.
  public init(_ input: JSONValue, runner: AccountID, standard: ResultLocation?) throws(APIError) {
    guard let requested = input["resultConfiguration"]?["outputConfiguration"] else {
      let place = try Self.needed(standard)
      (output, ownPlace) = (RequestedOutput(kind: .s3, s3: place, members: []), place)
      return
    }
    if let s3 = requested["s3"], let place = ResultLocation(s3) {
      output = RequestedOutput(kind: .s3, s3: place, singleFileOutput: s3["singleFileOutput"]?.bool, members: [])
      ownPlace = place
    } else if let account = requested["member"].flatMap(Self.account) {
      output = RequestedOutput(kind: .member, members: [account])
      ownPlace = account == runner ? try Self.needed(standard) : nil
    } else if let locations = requested["distribute"]?["locations"]?.array {
      output = RequestedOutput(kind: .distribute, members: [])
      try distribute(to: locations, runner: runner)
    } else {
      throw .field(
        Self.root, "The output should be one of s3, member and distribute; others are not available in this version.")
    }
  }

  private static func needed(_ standard: ResultLocation?) throws(APIError) -> ResultLocation {
    guard let standard else {
      throw .validation(
        "The request names no place for the result and the membership has no default one. Give --result-configuration, or set a default with update-membership."
      )
    }
    return standard
  }

  private static func account(_ member: JSONValue) -> AccountID? {
    member["accountId"]?.string.flatMap { AccountID($0) }
  }

  private mutating func distribute(to locations: [JSONValue], runner: AccountID) throws(APIError) {
    let list = "\(Self.root).distribute.locations"
    var problems: [APIError.Field] = []
    for (index, location) in locations.enumerated() {
      let path = "\(list)[\(index)]"
      if let s3 = location["s3"], let place = ResultLocation(s3) {
        if output.s3 != nil {
          problems.append(.init(name: path, message: "At most one location may be an s3 location."))
        }
        (output.s3, ownPlace, ownPath) = (place, place, path + ".s3")
        output.singleFileOutput = s3["singleFileOutput"]?.bool
      } else if let account = location["member"].flatMap(Self.account) {
        if account == runner {
          problems.append(.init(name: path, message: "For the account that runs the query, use an s3 location."))
        } else if output.members.contains(account) {
          problems.append(.init(name: path, message: "Account \(account) is listed twice."))
        }
        output.members.append(account)
      }
    }
    if locations.isEmpty { problems.append(.init(name: list, message: "At least one location is needed.")) }
    guard problems.isEmpty else { throw .fields(problems) }
  }
}

extension ResultLocation {
  /// A validated `s3` output configuration.
  public init?(_ configuration: JSONValue) {
    guard let bucket = configuration["bucket"]?.string,
      let format = configuration["resultFormat"]?.string.flatMap({ ResultFormat(rawValue: $0) })
    else { return nil }
    self.init(bucket: bucket, keyPrefix: configuration["keyPrefix"]?.string, resultFormat: format)
  }
}
