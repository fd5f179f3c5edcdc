import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// Analysis templates as their creators see them. Text and parameters never change: whoever allowed a template allowed
/// this text.
extension CoordinatorAPI {
  /// The creator's daemon has made the template and signed it; here it is checked and stored.
  func createAnalysisTemplate(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.write { writer in
      let membership = try membership(input, context, in: writer)
      let room = try activeRoom(of: membership.collaboration, for: context.caller, in: writer)
      let (template, document) = try signedTemplate(input, membership, room, context)
      let others = try templates(of: membership, in: writer)
      guard !others.contains(where: { $0.template.name == template.name }) else {
        throw APIError.conflict(
          "The membership has an analysis template named \(template.name) already. Choose another name.",
          id: template.name, type: "ANALYSIS_TEMPLATE", reason: "ALREADY_EXISTS")
      }
      try Quotas.check(
        others.count, "Analysis templates per membership", Quotas.analysisTemplatesPerMembership)
      let record = TemplateRecord(
        signed: document, template: template, description: input["description"]?.string,
        referencedTables: ReferencedTables.names(in: template.sql), updatedAt: context.now)
      try put(record, context, in: writer)
      return .object(["analysisTemplate": Answers.template(record, in: room.record, context)])
    }
  }

  private func signedTemplate(
    _ input: JSONValue, _ membership: MembershipRecord, _ room: Room, _ context: CallContext
  ) throws -> (AnalysisTemplate, SignedDocument) {
    guard let document = context.document,
      let template = trust.analysisTemplate(document, charter: room.record.charter),
      template.creator == context.caller, template.membership == membership.id, template.region == context.region,
      TemplateJSON.agree(input, template)
    else { throw APIError.validation("The analysis template is not signed by the organization that creates it.") }
    return (template, document)
  }

  func getAnalysisTemplate(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.read { reader in
      let (record, room) = try own(input, context, in: reader)
      return .object(["analysisTemplate": Answers.template(record, in: room, context)])
    }
  }

  /// Only the description can change.
  func updateAnalysisTemplate(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.write { writer in
      var (record, room) = try own(input, context, in: writer)
      if let description = input["description"]?.string { record.description = description }
      record.updatedAt = context.now
      try put(record, context, in: writer)
      return .object(["analysisTemplate": Answers.template(record, in: room, context)])
    }
  }

  /// Queries that run already finish: they have their own copy.
  func deleteAnalysisTemplate(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.write { writer in
      let (record, _) = try own(input, context, in: writer)
      try writer.delete(.templates, record.template.id.value)
      return .object([:])
    }
  }

  func listAnalysisTemplates(_ input: JSONValue, _ context: CallContext) throws -> JSONValue {
    try store.read { reader in
      let membership = try membership(input, context, in: reader)
      let room = try origin(of: membership, in: reader)
      let records = try templates(of: membership, in: reader)
      return try page(
        records.map { Answers.templateSummary($0, in: room, context) }, ids: records.map(\.template.id.value),
        as: "analysisTemplateSummaries", input, context, scope: membership.id.value)
    }
  }

  private func templates(of membership: MembershipRecord, in reader: DocumentReader) throws -> [TemplateRecord] {
    try reader.list(.templates, parent: membership.collaboration.value).map(\.value)
      .filter { $0.template.membership == membership.id }
  }

  private func put(_ record: TemplateRecord, _ context: CallContext, in writer: DocumentWriter) throws {
    try writer.put(
      .templates, id: record.template.id.value, parent: record.template.collaboration.value, value: record,
      at: context.now)
  }

  private func own(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> (TemplateRecord, CollaborationRecord) {
    let membership = try membership(input, context, in: reader)
    let id = input["analysisTemplateIdentifier"]?.string ?? ""
    guard let found = try reader.get(.templates, id)?.value, found.template.membership == membership.id else {
      throw APIError.missing("analysis template", id: id, type: "ANALYSIS_TEMPLATE", for: context.operation)
    }
    return (found, try origin(of: membership, in: reader))
  }
}
