import CleanRoomModel
import Crypto
import Foundation

/// The computation behind AWS Signature Version 4, the same for signing and for checking.
enum SignatureVersion4 {
  static let algorithm = "AWS4-HMAC-SHA256"

  /// - Parameter signed: lower-case names, sorted.
  static func canonicalRequest(_ request: APIRequest, signed: [String]) -> String {
    let headers = signed.map { name in
      let value = request.values(of: name).first ?? ""
      return "\(name):\(collapsed(value))\n"
    }
    return [
      request.method, canonicalPath(request.path), canonicalQuery(request.query), headers.joined(),
      signed.joined(separator: ";"), Hex.encode(SHA256.hash(data: request.body)),
    ].joined(separator: "\n")
  }

  /// Other services than S3 encode the path that travels once more.
  private static func canonicalPath(_ path: String) -> String {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    return segments.map { PercentEncoding.encode($0.utf8) }.joined(separator: "/")
  }

  private static func canonicalQuery(_ query: String) -> String {
    let pairs = query.split(separator: "&").map { pair -> (String, String) in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (reencoded(parts[0]), parts.count > 1 ? reencoded(parts[1]) : "")
    }
    return pairs.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
  }

  private static func reencoded(_ text: Substring) -> String {
    PercentEncoding.encode((PercentEncoding.decode(text) ?? String(text)).utf8)
  }

  private static func collapsed(_ value: String) -> String {
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  static func signature(
    canonicalRequest: String, secret: Secret<String>, time: String, scope: CredentialScope
  ) -> [UInt8] {
    let text = [algorithm, time, scope.text, Hex.encode(SHA256.hash(data: Array(canonicalRequest.utf8)))]
      .joined(separator: "\n")
    var key = secret.withExposed { Array("AWS4\($0)".utf8) }
    for part in [scope.date, scope.region, scope.service, "aws4_request"] {
      key = mac(key, Array(part.utf8))
    }
    return mac(key, Array(text.utf8))
  }

  private static func mac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
  }

  /// `20251124T120000Z` in milliseconds since 1970; nil if it is not such a time.
  static func milliseconds(_ time: String) -> Int64? {
    let digits = Array(time.utf8)
    guard digits.count == 16, digits[8] == UInt8(ascii: "T"), digits[15] == UInt8(ascii: "Z"),
      digits.allSatisfy({ $0 >= 48 && $0 <= 57 || $0 > 64 })
    else { return nil }
    func number(_ start: Int, _ count: Int) -> Int? {
      Int(String(decoding: digits[start..<start + count], as: UTF8.self))
    }
    guard let year = number(0, 4), let month = number(4, 2), let day = number(6, 2), let hour = number(9, 2),
      let minute = number(11, 2), let second = number(13, 2), (1...12).contains(month), (1...31).contains(day),
      hour < 24, minute < 60, second < 61
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    return Int64(((days * 24 + hour) * 60 + minute) * 60 + second) * 1000
  }
}

struct CredentialScope: Sendable, Equatable {
  var date: String
  var region: String
  var service: String

  var text: String { "\(date)/\(region)/\(service)/aws4_request" }
}
