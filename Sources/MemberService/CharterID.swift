import CleanRoomModel
import CleanRoomWire
import Crypto

/// A collaboration's identifier vouches for its charter: it is made from the charter's hash. Whoever was given the
/// identifier by the creator cannot be shown another charter under it, by the coordinator or anybody else.
enum CharterID {
  /// The charter with the identifier that belongs to it (a version 8 UUID, RFC 9562, of the first bits of the hash).
  static func identified(_ charter: CollaborationCharter) throws -> CollaborationCharter {
    var result = charter
    result.id = try made(from: charter)
    return result
  }

  static func isOwn(_ charter: CollaborationCharter) -> Bool { (try? made(from: charter)) == charter.id }

  private static func made(from charter: CollaborationCharter) throws -> CollaborationID {
    var nameless = charter
    nameless.id = CollaborationID(bytes: [UInt8](repeating: 0, count: 16), version: 8)
    let hash = SHA256.hash(data: Array("cleanroom/charter-id/1".utf8) + [0] + (try WireJSON.encode(nameless)))
    return CollaborationID(bytes: Array(hash.prefix(16)), version: 8)
  }

  // MARK: Change requests are named alike, so that whoever was given the identifier approves one content only.

  static func identified(_ proposal: CharterProposal) throws -> CharterProposal {
    var result = proposal
    result.id = try made(from: proposal)
    return result
  }

  static func isOwn(_ proposal: CharterProposal) -> Bool { (try? made(from: proposal)) == proposal.id }

  private static func made(from proposal: CharterProposal) throws -> ChangeRequestID {
    var nameless = proposal
    nameless.id = ChangeRequestID(bytes: [UInt8](repeating: 0, count: 16), version: 8)
    let hash = SHA256.hash(data: Array("cleanroom/proposal-id/1".utf8) + [0] + (try WireJSON.encode(nameless)))
    return ChangeRequestID(bytes: Array(hash.prefix(16)), version: 8)
  }
}
