import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Signs the request as this organization: owners believe the signed text, receivers and time, nothing else.
  func startProtectedQuery(_ call: APICall) async throws -> JSONValue {
    let membership = try membership(call)
    guard try memberships.charter(of: membership).allows(account, .canQuery) else {
      throw APIError.accessDenied("Account \(account) does not have the ability CAN_QUERY in this collaboration.")
    }
    let parameters = call.input["sqlParameters"]
    guard parameters?["analysisTemplateArn"]?.string == nil else {
      throw APIError.validation("Analysis templates are not available in this version. Give sqlParameters.queryString.")
    }
    guard let sql = parameters?["queryString"]?.string else {
      throw APIError.field("sqlParameters.queryString", "Give the query's text as sqlParameters.queryString.")
    }
    let requested = try ResultRequest(call.input, runner: account, standard: membership.defaultResult)
    if let place = requested.ownPlace { try results.check(place, path: requested.ownPath) }
    let request = QueryRequest(
      id: .random(), collaboration: membership.collaboration, runner: account, sql: sql,
      receivers: requested.output.receivers(runner: account), requestedAt: call.now)
    let document = try identity.sign(try WireJSON.encode(request), purpose: .query)
    // Before the coordinator hears of it: the result may come faster than the answer.
    try store.write {
      try $0.insert(
        .ownQueries, id: request.id.value, parent: membership.id.value,
        value: OwnQuery(request: request, output: requested.ownPlace), at: call.now)
    }
    return try await forward(call, document: document, undo: { forget(request.id) }).output
  }

  private func forget(_ id: QueryID) { try? store.write { try $0.delete(.ownQueries, id.value) } }
}
