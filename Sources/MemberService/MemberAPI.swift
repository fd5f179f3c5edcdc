import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Logging

/// One validated call of the API.
struct APICall: Sendable {
  var operation: Operation
  var input: JSONValue
  var now: Timestamp

  func text(_ name: String) -> String { input[name]?.string ?? "" }
}

/// The operations of the API. What concerns this organization's tables is decided here; everything else is forwarded
/// and decided by the coordinator under this daemon's certified identity.
struct MemberAPI: Sendable {
  let account: AccountID
  let region: String
  let mode: APIMode
  let store: DocumentStore
  let memberships: Memberships
  let charters: CharterKeeper
  let withdrawals: Withdrawals
  let releases: ReleaseRunner
  let catalog: Catalog
  let publisher: TablePublisher
  let secrets: SecretKeeper
  let results: ResultStore
  let coordinator: Coordinator
  let forwarding = ForwardingLimit()
  let identity: DaemonIdentity
  let pager: Pager
  let logger: Logger

  /// - Throws: `APIError`; anything else is unforeseen.
  func perform(_ call: APICall) async throws -> JSONValue {
    try OperationTable.check(call.operation)
    try UnavailableSettings.check(call.input, of: call.operation)
    let tags = try TagRules.given(call)
    let output = try await answer(call)
    try await keep(tags, for: output, call)
    return output
  }

  private func answer(_ call: APICall) async throws -> JSONValue {
    switch call.operation.name {
    case "CreateCollaboration": return try await createCollaboration(call)
    case "DeleteCollaboration": return try await deleteCollaboration(call)
    case "GetCollaboration", "UpdateCollaboration", "BatchGetSchema", "BatchGetSchemaAnalysisRule",
      "ListCollaborations", "ListMembers",
      "GetMembership", "ListMemberships", "ListSchemas", "GetSchema", "GetSchemaAnalysisRule",
      "GetProtectedQuery", "ListProtectedQueries", "UpdateProtectedQuery":
      return try await forward(call).output
    case "DeleteMember": return try await deleteMember(call)
    case "CreateCollaborationChangeRequest": return try await createChangeRequest(call)
    case "GetCollaborationChangeRequest": return try await getChangeRequest(call).output
    case "UpdateCollaborationChangeRequest": return try await updateChangeRequest(call)
    case "ListCollaborationChangeRequests": return try await forward(call).output
    case "TagResource": return try await tagResource(call)
    case "UntagResource": return try await untagResource(call)
    case "ListTagsForResource": return try await listTags(call)
    case "CreateMembership": return try await createMembership(call)
    case "UpdateMembership": return try await updateMembership(call)
    case "DeleteMembership": return try await deleteMembership(call)
    case "CreateConfiguredTable": return try await createConfiguredTable(call)
    case "GetConfiguredTable": return try getConfiguredTable(call)
    case "ListConfiguredTables": return try listConfiguredTables(call)
    case "UpdateConfiguredTable": return try await updateConfiguredTable(call)
    case "DeleteConfiguredTable": return try deleteConfiguredTable(call)
    case "CreateConfiguredTableAnalysisRule": return try await createAnalysisRule(call)
    case "GetConfiguredTableAnalysisRule": return try getAnalysisRule(call)
    case "UpdateConfiguredTableAnalysisRule": return try await updateAnalysisRule(call)
    case "DeleteConfiguredTableAnalysisRule": return try await deleteAnalysisRule(call)
    case "CreateConfiguredTableAssociation": return try await createAssociation(call)
    case "GetConfiguredTableAssociation": return try getAssociation(call)
    case "ListConfiguredTableAssociations": return try listAssociations(call)
    case "UpdateConfiguredTableAssociation": return try await updateAssociation(call)
    case "DeleteConfiguredTableAssociation": return try await deleteAssociation(call)
    case "CreateConfiguredTableAssociationAnalysisRule": return try await createAssociationRule(call)
    case "GetConfiguredTableAssociationAnalysisRule": return try getAssociationRule(call)
    case "UpdateConfiguredTableAssociationAnalysisRule": return try await updateAssociationRule(call)
    case "DeleteConfiguredTableAssociationAnalysisRule": return try await deleteAssociationRule(call)
    case "CreateAnalysisTemplate": return try await createAnalysisTemplate(call)
    case "GetAnalysisTemplate", "UpdateAnalysisTemplate", "DeleteAnalysisTemplate", "ListAnalysisTemplates",
      "GetCollaborationAnalysisTemplate", "ListCollaborationAnalysisTemplates",
      "BatchGetCollaborationAnalysisTemplate":
      return try await forward(call).output
    case "StartProtectedQuery": return try await startProtectedQuery(call)
    default: throw APIError.notAvailable(call.operation.name)
    }
  }

  // MARK: Forwarding

  /// - Parameter undo: as in `Coordinator.ask`.
  /// - Throws: `APIError`, 429 among them.
  func forward(
    _ call: APICall, document: SignedDocument? = nil, undo: () -> Void = {}
  ) async throws -> Forwarded {
    let message = ForwardedCall(
      operation: call.operation.name, input: call.input.text, document: document, region: region,
      extended: mode == .extended)
    do { try forwarding.enter() } catch {
      undo()
      throw error
    }
    defer { forwarding.leave() }
    let reply = try await coordinator.ask(MessageKind.call, message, undo: undo)
    return Forwarded(
      output: try JSONValue(parsing: Array((reply.output ?? "{}").utf8)), document: reply.document,
      amendments: reply.amendments)
  }

  /// The coordinator's answer, none of it believed yet.
  struct Forwarded {
    var output: JSONValue
    var document: SignedDocument?
    var amendments: [SignedAmendment]?
  }

  // MARK: What several operations need

  /// Unknown memberships and those of others answer alike.
  func membership(_ call: APICall) throws -> LocalMembership {
    let id = call.text("membershipIdentifier")
    guard let found = try MembershipID(id).flatMap({ try memberships.membership($0) }) else {
      throw APIError.missing("membership", id: id, type: "MEMBERSHIP", for: call.operation)
    }
    return found
  }

  func configuredTable(_ call: APICall) throws -> ConfiguredTableRecord {
    try store.read { try found($0, call) }
  }

  /// Changes a configured table as it is at this moment, in one transaction.
  func change(
    _ call: APICall, _ body: (inout ConfiguredTableRecord, DocumentReader) throws -> Void
  ) throws -> ConfiguredTableRecord {
    try store.write { writer in
      var record = try found(writer, call)
      try body(&record, writer)
      record.updatedAt = call.now
      try writer.put(.configuredTables, id: record.id.value, parent: nil, value: record, at: call.now)
      return record
    }
  }

  private func found(_ reader: DocumentReader, _ call: APICall) throws -> ConfiguredTableRecord {
    let id = call.text("configuredTableIdentifier")
    guard let found = try reader.get(.configuredTables, id)?.value else {
      throw APIError.missing("configured table", id: id, type: "CONFIGURED_TABLE", for: call.operation)
    }
    return found
  }

  /// One page of a local list; `scope` keeps tokens of one list from opening another.
  func page<Item>(
    _ items: [Item], id: (Item) -> String, as member: String, _ call: APICall, scope: String = "",
    _ summary: (Item) -> JSONValue
  ) throws -> JSONValue {
    let (slice, next) = try pager.page(
      items, id: id, maxResults: call.input["maxResults"]?.int, nextToken: call.input["nextToken"]?.string,
      scope: "\(call.operation.name)/\(scope)")
    return .object([member: .array(slice.map(summary)), "nextToken": next.map { .string($0) }])
  }
}
