import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire

/// What the queries of a collaboration can name, for a member that wants to judge one before it runs.
extension CoordinatorAPI {
  /// Each table and template as its owner signed it: the asker checks the signatures itself. Every owner of a table that
  /// takes part in a query is shown the same.
  func sendSchema(of collaboration: String, to account: AccountID, over stream: LinkStream) async {
    do {
      for frame in try schema(of: collaboration, for: account) { try await stream.send(frame) }
      try await stream.finish()
    } catch let error as APIError {
      await stream.abort(error.message)
    } catch {
      logger.error(
        "a schema could not be shown", metadata: ["account": "\(account)", "type": "\(type(of: error))"])
      await stream.abort("the coordinator could not answer")
    }
  }

  /// Unknown collaborations and those of others answer alike.
  func schema(of collaboration: String, for account: AccountID) throws -> [[UInt8]] {
    guard let id = CollaborationID(collaboration) else {
      throw APIError.validation("The collaboration's identifier is not one.")
    }
    return try store.read { reader in
      let room = try activeRoom(of: id, for: account, in: reader)
      let documents = room.queryable.map(\.signed) + (try visibleTemplates(in: room.record, reader)).map(\.signed)
      return try documents.map { try WireJSON.encode($0) }
    }
  }
}
