import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Signs the request as this organization: owners believe the signed text, receivers and time, nothing else.
  func startProtectedQuery(_ call: APICall) async throws -> JSONValue {
    let membership = try membership(call)
    let charter = try memberships.charter(of: membership)
    guard charter.allows(account, .canQuery) else {
      throw APIError.accessDenied("Account \(account) does not have the ability CAN_QUERY in this collaboration.")
    }
    let (sql, template) = try await text(call, charter)
    let requested = try ResultRequest(call.input, runner: account, standard: membership.defaultResult)
    if let place = requested.ownPlace {
      try results.check(place, path: requested.ownPath)
      guard charter.allowsResults(in: region) else {
        throw APIError.validation("The collaboration does not allow results in this member's region \(region).")
      }
    }
    let request = QueryRequest(
      id: .random(), collaboration: membership.collaboration, runner: account, sql: sql,
      receivers: requested.output.receivers(runner: account), requestedAt: call.now, template: template)
    let document = try identity.sign(try WireJSON.encode(request), purpose: .query)
    // Before the coordinator hears of it: the result may come faster than the answer.
    try store.write {
      try $0.insert(
        .ownQueries, id: request.id.value, parent: membership.id.value,
        value: OwnQuery(request: request, output: requested.ownPlace), at: call.now)
    }
    return try await forward(call, document: document, undo: { forget(request.id) }).output
  }

  /// The query's text, and the template that it comes from.
  private func text(
    _ call: APICall, _ charter: CollaborationCharter
  ) async throws -> (sql: String, template: RequestedTemplate?) {
    let given = call.input["sqlParameters"]
    switch (given?["queryString"]?.string, given?["analysisTemplateArn"]?.string) {
    case (let sql?, nil):
      guard given?["parameters"] == nil else {
        throw APIError.field("sqlParameters.parameters", "Parameters belong to an analysis template. Write the values.")
      }
      return (sql, nil)
    case (nil, let arn?):
      let template = try await template(arn, charter, call)
      let values = (given?["parameters"]?.dictionary ?? [:]).compactMapValues(\.string)
      let problems = TemplateCheck.problems(values, of: template)
      guard problems.isEmpty else { throw APIError.fields(problems) }
      return (template.sql, RequestedTemplate(arn: arn, parameters: values))
    default:
      throw APIError.field(
        "sqlParameters", "Give either the query's text as queryString or a template as analysisTemplateArn.")
    }
  }

  private func forget(_ id: QueryID) { try? store.write { try $0.delete(.ownQueries, id.value) } }
}
