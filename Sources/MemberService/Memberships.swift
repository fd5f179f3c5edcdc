import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire

/// This member's own copies of its memberships.
struct Memberships: Sendable {
  let store: DocumentStore

  func membership(_ id: MembershipID) throws -> LocalMembership? {
    try store.read { try $0.get(.memberships, id.value)?.value }
  }

  func membership(in collaboration: CollaborationID) throws -> LocalMembership? {
    try all().first { $0.collaboration == collaboration }
  }

  func all() throws -> [LocalMembership] { try store.read { try $0.list(.memberships).map(\.value) } }

  func keep(_ membership: LocalMembership, at time: Timestamp) throws {
    try store.write {
      try $0.put(
        .memberships, id: membership.id.value, parent: membership.collaboration.value, value: membership,
        at: time)
    }
  }

  /// Also its associations: the coordinator has none of them any more.
  func forget(_ membership: LocalMembership) throws {
    try store.write { writer in
      for document in try writer.list(.associations, parent: membership.id.value) {
        try writer.delete(.associations, document.id)
      }
      try writer.delete(.memberships, membership.id.value)
      try writer.delete(.charterHistories, membership.collaboration.value)
    }
  }

  /// As amended.
  func charter(of membership: LocalMembership) throws -> CollaborationCharter {
    try CharterChain.current(try history(of: membership))
  }

  func history(of membership: LocalMembership) throws -> CharterHistory {
    try history(in: membership.collaboration) ?? CharterHistory(charter: membership.charter)
  }

  /// Also where this organization created a collaboration and has no membership in it yet.
  func history(in collaboration: CollaborationID) throws -> CharterHistory? {
    try store.read { try $0.get(.charterHistories, collaboration.value)?.value }
      ?? membership(in: collaboration).map { CharterHistory(charter: $0.charter) }
  }

  func keep(_ history: CharterHistory, of collaboration: CollaborationID, at time: Timestamp) throws {
    try store.write {
      try $0.put(.charterHistories, id: collaboration.value, parent: nil, value: history, at: time)
    }
  }

  func forgetHistory(of collaboration: CollaborationID) throws {
    try store.write { try $0.delete(.charterHistories, collaboration.value) }
  }
}
