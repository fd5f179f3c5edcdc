import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire

/// Analysis templates: signed here by their creator, kept by the coordinator, checked by whoever runs or serves them.
extension MemberAPI {
  func createAnalysisTemplate(_ call: APICall) async throws -> JSONValue {
    let membership = try membership(call)
    var template = TemplateJSON.template(
      call.input, collaboration: membership.collaboration, membership: membership.id, creator: account, region: region,
      now: call.now)
    let problems = TemplateCheck.problems(template)
    guard problems.isEmpty else { throw APIError.fields(problems) }
    template = try TemplateSignature.identified(template)
    let document = try identity.sign(try WireJSON.encode(template), purpose: .analysisTemplate)
    return try await forward(call, document: document).output
  }

  /// The template of an ARN as its creator signed it.
  func template(_ arn: String, _ charter: CollaborationCharter, _ call: APICall) async throws -> AnalysisTemplate {
    guard let operation = ServiceModel.shared.operation(named: "GetCollaborationAnalysisTemplate") else {
      throw APIError.internalError
    }
    let input = JSONValue.object([
      "collaborationIdentifier": .string(charter.id.value), "analysisTemplateArn": .string(arn),
    ])
    let reply = try await forward(APICall(operation: operation, input: input, now: call.now))
    guard let document = reply.document,
      let template = identity.trust.analysisTemplate(document, charter: charter), template.arn == arn
    else {
      throw APIError.validation(
        "The coordinator's copy of the analysis template does not carry a valid signature of its creator.")
    }
    return template
  }
}
