import CleanRoomAPI
import CleanRoomModel

extension Answers {
  static func template(
    _ record: TemplateRecord, in room: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    content(record, of: templateSummary(record, in: room, context))
  }

  static func templateSummary(
    _ record: TemplateRecord, in room: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    var answer = base(record, in: room, context)
    let template = record.template
    answer["membershipId"] = .string(template.membership.value)
    answer["membershipArn"] = .string(membershipARN(template.membership, of: template.creator, context))
    return answer
  }

  static func collaborationTemplate(
    _ record: TemplateRecord, in room: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    content(record, of: collaborationTemplateSummary(record, in: room, context))
  }

  static func collaborationTemplateSummary(
    _ record: TemplateRecord, in room: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    var answer = base(record, in: room, context)
    answer["creatorAccountId"] = .string(record.template.creator.value)
    return answer
  }

  private static func content(_ record: TemplateRecord, of summary: JSONValue) -> JSONValue {
    var answer = summary
    answer["isSyntheticData"] = nil
    answer["format"] = .string("SQL")
    answer["source"] = .object(["text": .string(record.template.sql)])
    answer["schema"] = .object(["referencedTables": .strings(record.referencedTables)])
    answer["analysisParameters"] = TemplateJSON.json(record.template.parameters)
    return answer
  }

  private static func base(
    _ record: TemplateRecord, in room: CollaborationRecord, _ context: CallContext
  ) -> JSONValue {
    let template = record.template
    return .object([
      "id": .string(template.id.value), "arn": .string(template.arn), "name": .string(template.name),
      "description": record.description.map { .string($0) },
      "createTime": .number(template.createdAt.seconds), "updateTime": .number(record.updatedAt.seconds),
      "collaborationId": .string(room.charter.id.value),
      "collaborationArn": .string(collaborationARN(room.charter, context)), "isSyntheticData": .bool(false),
    ])
  }
}
