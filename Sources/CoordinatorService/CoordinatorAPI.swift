import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Logging

/// One forwarded operation with everything its decision may depend on. The caller is who the connection's
/// certificate says, whatever the input claims.
struct CallContext: Sendable {
  var operation: Operation
  var caller: AccountID
  var region: String
  var document: SignedDocument?
  var extended: Bool
  var now: Timestamp
}

/// The operations that the coordinator decides. Each is a function from a validated input to an output or an
/// error.
struct CoordinatorAPI: Sendable {
  let store: DocumentStore
  let rooms: Rooms
  let book: QueryBook
  let scheduler: QueryScheduler
  let trust: TrustStore
  let log: AnalysisLog
  let pager: Pager
  let logger: Logger
  let clock: @Sendable () -> Timestamp

  func perform(_ call: ForwardedCall, from caller: AccountID) async -> ForwardedReply {
    await replying(to: call.operation, from: caller) {
      guard let operation = ServiceModel.shared.operation(named: call.operation) else {
        throw APIError.notAvailable(Wording.bounded(call.operation))
      }
      let context = CallContext(
        operation: operation, caller: caller, region: call.region, document: call.document,
        extended: call.extended,
        now: clock())
      // The member daemon has validated the input; it is still input from another organization.
      let input = try ServiceModel.shared.validate(
        try JSONValue(parsing: Array(call.input.utf8)), for: operation,
        mode: call.extended ? .extended : .strict)
      try UnavailableSettings.check(input, of: operation)
      let (output, document) = try await answer(input, context)
      return ForwardedReply(output: output.text, document: document, amendments: try amendments(input, context))
    }
  }

  /// Turns whatever `body` throws into an error that may travel.
  func replying(
    to operation: String, from caller: AccountID, _ body: () async throws -> ForwardedReply
  ) async -> ForwardedReply {
    do {
      return try await body()
    } catch let error as APIError {
      return ForwardedReply(error: error.text)
    } catch is JSONError {
      return ForwardedReply(error: APIError.validation("The input is not well-formed JSON.").text)
    } catch {
      logger.error(
        "operation failed",
        metadata: ["operation": "\(operation)", "caller": "\(caller)", "type": "\(type(of: error))"])
      return ForwardedReply(error: APIError.internalError.text)
    }
  }

  private func answer(_ input: JSONValue, _ context: CallContext) async throws -> (JSONValue, SignedDocument?) {
    switch context.operation.name {
    case "CreateCollaboration": return try createCollaboration(input, context)
    case "GetCollaboration": return (try getCollaboration(input, context), nil)
    case "ListCollaborations": return (try listCollaborations(input, context), nil)
    case "UpdateCollaboration": return (try updateCollaboration(input, context), nil)
    case "DeleteCollaboration": return (try await deleteCollaboration(input, context), nil)
    case "DeleteMember": return (try await deleteMember(input, context), nil)
    case "CreateCollaborationChangeRequest": return try createChangeRequest(input, context)
    case "GetCollaborationChangeRequest": return try getChangeRequest(input, context)
    case "ListCollaborationChangeRequests": return (try listChangeRequests(input, context), nil)
    case "UpdateCollaborationChangeRequest": return try updateChangeRequest(input, context)
    case "ListMembers": return (try listMembers(input, context), nil)
    case "CreateMembership": return try createMembership(input, context)
    case "GetMembership": return (try getMembership(input, context), nil)
    case "UpdateMembership": return (try updateMembership(input, context), nil)
    case "ListMemberships": return (try listMemberships(input, context), nil)
    case "DeleteMembership": return (try await deleteMembership(input, context), nil)
    case "ListSchemas": return (try listSchemas(input, context), nil)
    case "GetSchema": return (try getSchema(input, context), nil)
    case "BatchGetSchema": return (try batchGetSchema(input, context), nil)
    case "BatchGetSchemaAnalysisRule": return (try batchGetSchemaAnalysisRule(input, context), nil)
    case "GetSchemaAnalysisRule": return (try getSchemaAnalysisRule(input, context), nil)
    case "CreateAnalysisTemplate": return (try createAnalysisTemplate(input, context), nil)
    case "GetAnalysisTemplate": return (try getAnalysisTemplate(input, context), nil)
    case "UpdateAnalysisTemplate": return (try updateAnalysisTemplate(input, context), nil)
    case "DeleteAnalysisTemplate": return (try deleteAnalysisTemplate(input, context), nil)
    case "ListAnalysisTemplates": return (try listAnalysisTemplates(input, context), nil)
    case "GetCollaborationAnalysisTemplate": return try getCollaborationAnalysisTemplate(input, context)
    case "ListCollaborationAnalysisTemplates": return (try listCollaborationAnalysisTemplates(input, context), nil)
    case "BatchGetCollaborationAnalysisTemplate":
      return (try batchGetCollaborationAnalysisTemplate(input, context), nil)
    case "StartProtectedQuery": return (try startProtectedQuery(input, context), nil)
    case "GetProtectedQuery": return (try getProtectedQuery(input, context), nil)
    case "ListProtectedQueries": return (try listProtectedQueries(input, context), nil)
    case "UpdateProtectedQuery": return (try await updateProtectedQuery(input, context), nil)
    default: throw APIError.notAvailable(context.operation.name)
    }
  }

  // MARK: Lookups that answer alike for unknown and foreign resources

  func collaboration(
    _ input: JSONValue, _ context: CallContext, in reader: DocumentReader
  ) throws -> CollaborationRecord {
    let identifier = input["collaborationIdentifier"]?.string ?? ""
    guard let found = try reader.get(.collaborations, identifier)?.value, found.isVisible(to: context.caller)
    else {
      throw APIError.missing("collaboration", id: identifier, type: "COLLABORATION", for: context.operation)
    }
    return found
  }

  func membership(_ input: JSONValue, _ context: CallContext, in reader: DocumentReader) throws
    -> MembershipRecord
  {
    let identifier = input["membershipIdentifier"]?.string ?? ""
    guard let found = try reader.get(.memberships, identifier)?.value, found.account == context.caller else {
      throw APIError.missing("membership", id: identifier, type: "MEMBERSHIP", for: context.operation)
    }
    return found
  }

  /// A deleted collaboration still names itself in its members' memberships.
  func origin(of membership: MembershipRecord, in reader: DocumentReader) throws -> CollaborationRecord {
    guard let found = try reader.get(.collaborations, membership.collaboration.value)?.value else {
      throw APIError.internalError
    }
    return found
  }

  func page(
    _ items: [JSONValue], ids: [String], as member: String, _ input: JSONValue, _ context: CallContext,
    scope: String
  ) throws -> JSONValue {
    let (slice, next) = try pager.page(
      Array(zip(ids, items)), id: { $0.0 }, maxResults: input["maxResults"]?.int,
      nextToken: input["nextToken"]?.string,
      scope: "\(context.operation.name)/\(context.caller)/\(scope)")
    return .object([member: .array(slice.map(\.1)), "nextToken": next.map { .string($0) }])
  }
}
