import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore

/// Analysis templates as every member of the collaboration sees them, by ARN: owners read them before they allow them.
extension CoordinatorAPI {
  /// With the template as its creator signed it, for the caller's daemon to check.
  func getCollaborationAnalysisTemplate(
    _ input: JSONValue, _ context: CallContext
  ) throws -> (JSONValue, SignedDocument?) {
    try store.read { reader in
      let room = try joined(input, context, in: reader)
      let record = try template(
        arn: input["analysisTemplateArn"]?.string ?? "", in: room, context, reader)
      let answer = Answers.collaborationTemplate(record, in: room, context)
      return (.object(["collaborationAnalysisTemplate": answer]), record.signed)
    }
  }

  func listCollaborationAnalysisTemplates(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.read { reader in
      let room = try joined(input, context, in: reader)
      let records = try visibleTemplates(in: room, reader)
      return try page(
        records.map { Answers.collaborationTemplateSummary($0, in: room, context) },
        ids: records.map(\.template.id.value), as: "collaborationAnalysisTemplateSummaries", input, context,
        scope: room.charter.id.value)
    }
  }

  /// What is missing is named item by item; the rest is answered.
  func batchGetCollaborationAnalysisTemplate(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.read { reader in
      let room = try joined(input, context, in: reader)
      let arns = input["analysisTemplateArns"]?.stringList ?? []
      let found = try arns.compactMap { try visibleTemplate($0, in: room, reader) }
      let missing = arns.filter { arn in !found.contains { $0.template.arn == arn } }
      return .object([
        "collaborationAnalysisTemplates": .array(
          found.map { Answers.collaborationTemplate($0, in: room, context) }),
        "errors": .array(
          missing.map {
            .object([
              "arn": .string($0), "code": .string("ResourceNotFoundException"),
              "message": .string("The collaboration has no analysis template of this ARN."),
            ])
          }),
      ])
    }
  }

  func template(
    arn: String, in room: CollaborationRecord, _ context: CallContext, _ reader: DocumentReader
  ) throws -> TemplateRecord {
    guard let found = try visibleTemplate(arn, in: room, reader) else {
      throw APIError.missing("analysis template", id: arn, type: "ANALYSIS_TEMPLATE", for: context.operation)
    }
    return found
  }

  /// Templates of members who left or were removed cannot be run any more.
  func visibleTemplates(
    in room: CollaborationRecord, _ reader: DocumentReader
  ) throws -> [TemplateRecord] {
    try reader.list(.templates, parent: room.charter.id.value).map(\.value)
      .filter { room.isActive($0.template.creator) }
  }

  private func visibleTemplate(
    _ arn: String, in room: CollaborationRecord, _ reader: DocumentReader
  ) throws -> TemplateRecord? {
    let id = arn.split(separator: "/").last.map(String.init) ?? ""
    guard let found = try reader.get(.templates, id)?.value, found.template.arn == arn,
      found.template.collaboration == room.charter.id, room.isActive(found.template.creator)
    else { return nil }
    return found
  }

  private func joined(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> CollaborationRecord {
    let record = try collaboration(input, context, in: reader)
    guard record.isActive(context.caller) else {
      throw APIError.accessDenied("Create a membership in the collaboration first.")
    }
    return record
  }
}
