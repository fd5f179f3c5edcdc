import CleanRoomModel
import Crypto
import Foundation

/// Cuts lists into pages. A page token says after which item the next page begins; it is signed and bound to one list
/// of one caller, so that a made-up token opens nothing.
public struct Pager: Sendable {
  private let key: Secret<[UInt8]>

  public init(key: [UInt8]) { self.key = Secret(key) }

  /// A pager whose tokens are good as long as this process lives.
  public static func random() -> Pager { Pager(key: (0..<32).map { _ in UInt8.random(in: 0...255) }) }

  public func page<Item>(
    _ items: [Item], id: (Item) -> String, maxResults: Int?, nextToken: String?, scope: String
  ) throws(APIError) -> (items: [Item], nextToken: String?) {
    var start = 0
    if let nextToken {
      guard let last = open(nextToken, scope: scope) else {
        throw .field("nextToken", "The pagination token is not valid for this request.")
      }
      start = (items.firstIndex { id($0) == last } ?? items.count - 1) + 1
    }
    let end = min(start + min(maxResults ?? 100, 100), items.count)
    let slice = Array(items[min(start, end)..<end])
    guard end < items.count, let last = slice.last else { return (slice, nil) }
    return (slice, token(id(last), scope: scope))
  }

  private func token(_ id: String, scope: String) -> String { Base64.encode(Array(id.utf8) + mac(id, scope)) }

  private func open(_ token: String, scope: String) -> String? {
    guard let bytes = Base64.decode(token), bytes.count > 32,
      let id = String(validating: bytes.dropLast(32), as: UTF8.self)
    else { return nil }
    let isValid = key.withExposed { key in
      HMAC<SHA256>.isValidAuthenticationCode(
        Data(bytes.suffix(32)), authenticating: Data(Self.message(id, scope)), using: SymmetricKey(data: key))
    }
    return isValid ? id : nil
  }

  private func mac(_ id: String, _ scope: String) -> [UInt8] {
    key.withExposed { key in
      Array(HMAC<SHA256>.authenticationCode(for: Data(Self.message(id, scope)), using: SymmetricKey(data: key)))
    }
  }

  private static func message(_ id: String, _ scope: String) -> [UInt8] {
    Array("\(scope.utf8.count):\(scope)\(id)".utf8)
  }
}
