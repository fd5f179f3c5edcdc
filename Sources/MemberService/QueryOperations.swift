import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Signs the request as this organization: owners believe the signed text, receivers and time, nothing else.
  func startProtectedQuery(_ call: APICall) async throws -> JSONValue {
    let membership = try membership(call)
    guard let sql = call.input["sqlParameters"]?["queryString"]?.string else {
      throw APIError.validation(
        "Analysis templates are not available in this version. Give sqlParameters.queryString.")
    }
    let requested = try RequestedResult(
      call.input["resultConfiguration"]?["outputConfiguration"], runner: account,
      standard: membership.defaultResult)
    if let place = requested.own { try results.check(place, path: requested.ownPath) }
    let request = QueryRequest(
      id: ResourceIDs.make(), collaboration: membership.collaboration, runner: account, sql: sql,
      receivers: requested.receivers, requestedAt: call.now)
    let document = try identity.sign(try WireJSON.encode(request), purpose: .query)
    // Before the coordinator hears of it: the result may come faster than the answer.
    try store.write {
      try $0.insert(
        .ownQueries, id: request.id.value, parent: membership.id.value,
        value: OwnQuery(request: request, output: requested.own), at: call.now)
    }
    return try await forward(call, document: document, undo: { forget(request.id) }).output
  }

  private func forget(_ id: QueryID) { try? store.write { try $0.delete(.ownQueries, id.value) } }
}

/// Where a query's result is to go, as the coordinator reads it too.
struct RequestedResult: Equatable {
  /// The runner first where it receives, then the others in order.
  var receivers: [AccountID]
  /// The runner's own place, if it receives.
  var own: ResultLocation?
  /// Where the request names that place.
  var ownPath = Self.root + ".s3"

  private static let root = "resultConfiguration.outputConfiguration"

  /// - Parameters:
  ///   - output: the validated output configuration; nil when the request has none.
  ///   - standard: the membership's default.
  init(_ output: JSONValue?, runner: AccountID, standard: ResultLocation?) throws(APIError) {
    if let s3 = output?["s3"], s3.dictionary != nil {
      (receivers, own) = ([runner], ResultLocation(s3))
    } else if let member = output?["member"], member.dictionary != nil {
      receivers = Self.account(member).map { [$0] } ?? []
      if receivers == [runner] { own = try Self.needed(standard) }
    } else if let distribute = output?["distribute"], distribute.dictionary != nil {
      (receivers, own) = ([], nil)
      try take(distribute["locations"]?.array ?? [], runner: runner)
    } else {
      (receivers, own) = ([runner], try Self.needed(standard))
    }
  }

  private static func needed(_ standard: ResultLocation?) throws(APIError) -> ResultLocation {
    guard let standard else {
      throw .validation(
        "The request has no result configuration for this member and its membership has no default one. Give --result-configuration, or set a default with update-membership."
      )
    }
    return standard
  }

  private static func account(_ member: JSONValue) -> AccountID? {
    member["accountId"]?.string.flatMap { AccountID($0) }
  }

  private mutating func take(_ locations: [JSONValue], runner: AccountID) throws(APIError) {
    var others: [AccountID] = []
    var problems: [APIError.Field] = []
    for (index, location) in locations.enumerated() {
      let path = "\(Self.root).distribute.locations[\(index)]"
      if let s3 = location["s3"], s3.dictionary != nil {
        if own != nil {
          problems.append(.init(name: path, message: "At most one location may be an s3 location."))
        }
        own = ResultLocation(s3)
        ownPath = path + ".s3"
      } else if let account = location["member"].flatMap(Self.account) {
        if account == runner {
          problems.append(
            .init(name: path, message: "For the account that runs the query, use an s3 location."))
        } else if others.contains(account) {
          problems.append(.init(name: path, message: "Account \(account) is listed twice."))
        }
        others.append(account)
      }
    }
    if locations.isEmpty {
      problems.append(
        .init(name: "\(Self.root).distribute.locations", message: "At least one location is needed."))
    }
    guard problems.isEmpty else { throw .fields(problems) }
    receivers = (own == nil ? [] : [runner]) + others
  }
}
