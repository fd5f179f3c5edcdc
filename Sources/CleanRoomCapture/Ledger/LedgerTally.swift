import CleanRoomModel
import CleanRoomStore
import CleanRoomWire
import Crypto

/// A party's ledger, ticked off against what its links carried.
struct LedgerTally {
  private let party: String
  /// Lines that no batch has been found for, by the hash of the batch.
  private var open: [String: [LedgerEntry]] = [:]
  /// `QUERY/TABLE` of data connections that ended before the sender's end mark.
  private var cut: Set<String> = []
  private(set) var batches = 0
  private(set) var bytes = 0

  init(party: String, entries: [LedgerEntry]) {
    self.party = party
    for entry in entries { open[entry.payloadSHA256, default: []].append(entry) }
  }

  private static func name(_ query: String, _ table: String) -> String { "\(query)/\(table)" }

  /// - Returns: what is wrong with a batch, or nil when the ledger lists it as it is.
  mutating func tick(_ batch: [UInt8], query: String, header: ReleaseHeader) -> String? {
    guard let decoded = try? BatchCodec.decode(batch, expecting: header.columns.map(\.content)) else {
      return "bytes that are no batch of the announced columns"
    }
    let hash = Hex.encode(SHA256.hash(data: batch))
    let place = open[hash]?.firstIndex { entry in
      entry.query.value == query && entry.table == header.table && entry.bytes == batch.count
        && entry.rows == decoded.batch.rowCount && entry.batch == Int(decoded.sequence) && Self.agree(entry, header)
    }
    guard let place else { return "a batch of \(header.table) that the ledger does not list" }
    open[hash]?.remove(at: place)
    batches += 1
    bytes += batch.count
    return nil
  }

  /// The names are different ones: a column has another on the link when it travels in two forms.
  private static func agree(_ entry: LedgerEntry, _ header: ReleaseHeader) -> Bool {
    entry.columns.map { $0.kind == "token" } == header.columns.map { $0.content == .token }
  }

  /// A data connection was cut. The last batch may not have come whole; it must be listed all the same.
  /// - Parameters:
  ///   - beginning: of the last frame's body; nil when the connection ended between two frames.
  ///   - length: that the frame announced for its body.
  mutating func tick(beginning: [UInt8]?, length: Int, query: String, table: String) -> String? {
    cut.insert(Self.name(query, table))
    guard let beginning, beginning.count >= 12 else { return nil }
    let sequence = (0..<8).reduce(0) { $0 | Int(beginning[4 + $1]) << (8 * $1) }
    let isListed = open.values.joined().contains {
      $0.query.value == query && $0.table == table && $0.batch == sequence && $0.bytes == length
    }
    return isListed ? nil : "the beginning of a batch of \(table) that the ledger does not list"
  }

  /// Lines without a batch. When a connection is cut, one batch may be listed that no longer left.
  var missing: [String] {
    var lost: Set<String> = []
    return open.values.joined().sorted { ($0.query.value, $0.batch) < ($1.query.value, $1.batch) }.compactMap { entry in
      let name = Self.name(entry.query.value, entry.table)
      if cut.contains(name), lost.insert(name).inserted { return nil }
      return
        "\(party): the ledger lists batch \(entry.batch) of \(entry.table) for query \(entry.query), which no recorded connection carried"
    }
  }
}
