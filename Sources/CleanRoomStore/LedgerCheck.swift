import CleanRoomModel
import Crypto
import Foundation
import GRDB

/// Follows the ledger's chain line by line.
struct LedgerCheck {
  let isSigned: (SignedDocument) -> Bool
  /// Lines seen.
  private(set) var count = 0
  private var last = Data(count: 32)

  init(isSigned: @escaping (SignedDocument) -> Bool) { self.isSigned = isSigned }

  static func hash(sequence: Int, previous: Data, body: String) -> Data {
    var hash = SHA256()
    hash.update(data: previous)
    hash.update(data: Data("\(sequence) \(body)".utf8))
    return Data(hash.finalize())
  }

  static func headBytes(count: Int, hash: Data) -> [UInt8] { Array("\(count) ".utf8) + Array(hash) }

  /// - Returns: what is wrong with the line, or nil.
  mutating func problem(inNext row: Row) -> String? {
    count += 1
    guard row.stored("sequence") == count else { return "a line was removed or added before it" }
    guard let body: String = row.stored("body"), let hash: Data = row.stored("hash") else {
      return "it is not a line of the ledger"
    }
    guard row.stored("previous") == last else { return "it does not follow the line before it" }
    guard hash == Self.hash(sequence: count, previous: last, body: body) else { return "its text was changed" }
    guard isSigned(row, .ledgerLine, Array(hash)) else { return "its signature is not valid" }
    let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(body.utf8))
    guard let entry, entry.query.value == row.stored("query") else { return "its query was changed" }
    last = hash
    return nil
  }

  /// After the last line.
  func verdict(_ head: Row?) -> LedgerVerification {
    guard let head else { return .broken(line: count, what: "the signed head is missing") }
    guard let stored: Int = head.stored("count"), let hash: Data = head.stored("hash") else {
      return .broken(line: count, what: "the signed head is damaged")
    }
    guard isSigned(head, .ledgerHead, Self.headBytes(count: stored, hash: hash)) else {
      return .broken(line: count, what: "the signature of the head is not valid")
    }
    guard stored == count, hash == last else {
      return .broken(line: count + 1, what: "lines at the end were removed or added")
    }
    return .intact(lines: count, head: Hex.encode(last))
  }

  private func isSigned(_ row: Row, _ purpose: SignedDocument.Purpose, _ payload: [UInt8]) -> Bool {
    guard let signature: Data = row.stored("signature"), let certificate: Data = row.stored("certificate") else {
      return false
    }
    return isSigned(
      SignedDocument(purpose: purpose, payload: payload, signature: Array(signature), certificate: Array(certificate)))
  }
}
