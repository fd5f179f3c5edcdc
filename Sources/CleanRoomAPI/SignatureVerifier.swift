import CleanRoomModel
import Crypto

/// Checks AWS Signature Version 4 in its header form.
public struct SignatureVerifier: Sendable {
  private let credentials: [String: Secret<String>]
  private let region: String
  private let service: String
  /// How far a signer's clock may be off, in milliseconds.
  static let tolerance: Int64 = 5 * 60_000

  /// - Parameter credentials: secret by access key.
  public init(credentials: [String: Secret<String>], region: String, service: String = "cleanrooms") {
    self.credentials = credentials
    self.region = region
    self.service = service
  }

  /// - Returns: the access key whose secret signed the request.
  public func verify(_ request: APIRequest, now: Timestamp) throws(APIError) -> String {
    let header = try Authorization(request)
    let time = try self.time(request)
    guard header.scope.date == time.prefix(8), header.scope.region == region, header.scope.service == service else {
      throw .authentication(
        "SignatureDoesNotMatch",
        "Credential should be scoped to the date of the request, region \(region) and service \(service).")
    }
    try checkClock(time, now)
    try checkHeaders(request, header)
    // An unknown key costs the same work as a known one.
    let secret = credentials[header.accessKey] ?? Secret("no such key")
    let expected = SignatureVersion4.signature(
      canonicalRequest: SignatureVersion4.canonicalRequest(request, signed: header.signed), secret: secret,
      time: time, scope: header.scope)
    let isEqual = Self.isEqual(Array(Hex.encode(expected).utf8), Array(header.signature.utf8))
    guard credentials[header.accessKey] != nil else {
      throw .authentication("UnrecognizedClientException", "The security token included in the request is invalid.")
    }
    guard isEqual else {
      throw .authentication(
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your secret access key and signing method."
      )
    }
    return header.accessKey
  }

  private func time(_ request: APIRequest) throws(APIError) -> String {
    let dates = request.values(of: "x-amz-date")
    guard dates.count == 1 else {
      throw .authentication(
        "IncompleteSignatureException", "The request needs exactly one X-Amz-Date header.", status: 400)
    }
    return dates[0]
  }

  private func checkClock(_ time: String, _ now: Timestamp) throws(APIError) {
    guard let signed = SignatureVersion4.milliseconds(time) else {
      throw .authentication(
        "IncompleteSignatureException", "X-Amz-Date should look like 20251124T120000Z.", status: 400)
    }
    guard abs(signed - now.milliseconds) <= Self.tolerance else {
      let direction = signed < now.milliseconds ? "expired" : "not yet current"
      throw .authentication(
        "InvalidSignatureException",
        "Signature \(direction): the request was signed at \(time), more than 5 minutes off this server's clock.")
    }
  }

  private func checkHeaders(_ request: APIRequest, _ header: Authorization) throws(APIError) {
    guard request.values(of: "x-amz-security-token").isEmpty else {
      throw .authentication("UnrecognizedClientException", "Session tokens are not accepted here.")
    }
    let sent = request.headers.map { $0.name.lowercased() }
    let mustBeSigned = ["host", "x-amz-date"] + sent.filter { $0.hasPrefix("x-amz-") }
    for name in mustBeSigned where !header.signed.contains(name) {
      throw .authentication("InvalidSignatureException", "The header \(name) must be signed.")
    }
    for name in header.signed where request.values(of: name).count != 1 {
      throw .authentication("InvalidSignatureException", "The signed header \(name) must occur exactly once.")
    }
    if let stated = request.values(of: "x-amz-content-sha256").first {
      guard stated == Hex.encode(SHA256.hash(data: request.body)) else {
        throw .authentication("InvalidSignatureException", "X-Amz-Content-Sha256 is not the hash of the body.")
      }
    }
  }

  /// Takes the same time wherever the two differ.
  private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// The Authorization header, taken apart.
private struct Authorization {
  var accessKey: String
  var scope: CredentialScope
  var signed: [String]
  var signature: String

  init(_ request: APIRequest) throws(APIError) {
    let values = request.values(of: "authorization")
    guard let value = values.first else {
      throw .authentication(
        "MissingAuthenticationTokenException", "The request is not signed: the Authorization header is missing.")
    }
    guard values.count == 1, value.hasPrefix(SignatureVersion4.algorithm + " ") else { throw Self.incomplete }
    var parts: [String: String] = [:]
    for part in value.dropFirst(SignatureVersion4.algorithm.count).split(separator: ",") {
      let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, parts.updateValue(String(pair[1]), forKey: String(pair[0])) == nil else {
        throw Self.incomplete
      }
    }
    let credential = (parts["Credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false).map(
      String.init)
    guard credential.count == 5, credential[4] == "aws4_request", let names = parts["SignedHeaders"],
      let signature = parts["Signature"], signature.utf8.count == 64, parts.count == 3
    else { throw Self.incomplete }
    accessKey = credential[0]
    scope = CredentialScope(date: credential[1], region: credential[2], service: credential[3])
    signed = names.split(separator: ";").map(String.init)
    self.signature = signature
    guard signed == Array(Set(signed)).sorted(), signed.allSatisfy({ $0 == $0.lowercased() }) else {
      throw Self.incomplete
    }
  }

  private static let incomplete = APIError.authentication(
    "IncompleteSignatureException", "The Authorization header is not a complete AWS4-HMAC-SHA256 signature.",
    status: 400)
}

/// Signs requests as the AWS SDKs do; for clients of ours and for tests.
public struct RequestSigner: Sendable {
  private let accessKey: String
  private let secret: Secret<String>
  private let region: String
  private let service: String

  public init(accessKey: String, secret: Secret<String>, region: String, service: String = "cleanrooms") {
    self.accessKey = accessKey
    self.secret = secret
    self.region = region
    self.service = service
  }

  /// - Parameter time: `20251124T120000Z`.
  public func sign(_ request: APIRequest, time: String) -> APIRequest {
    var signedRequest = request
    signedRequest.headers.append(("X-Amz-Date", time))
    let signed = signedRequest.headers.map { $0.name.lowercased() }
      .filter { $0 == "host" || $0 == "content-type" || $0.hasPrefix("x-amz-") }.sorted()
    let scope = CredentialScope(date: String(time.prefix(8)), region: region, service: service)
    let signature = SignatureVersion4.signature(
      canonicalRequest: SignatureVersion4.canonicalRequest(signedRequest, signed: signed), secret: secret, time: time,
      scope: scope)
    signedRequest.headers.append(
      (
        "Authorization",
        "\(SignatureVersion4.algorithm) Credential=\(accessKey)/\(scope.text), SignedHeaders=\(signed.joined(separator: ";")), Signature=\(Hex.encode(signature))"
      ))
    return signedRequest
  }
}
