/// A document together with its author's signature and certificate; `payload` is carried byte for byte.
public struct SignedDocument: Sendable, Codable, Equatable {
  /// Keeps a signature for one purpose from being used for another.
  public enum Purpose: String, Sendable, Codable {
    case charter = "cleanroom/charter/1"
    case charterProposal = "cleanroom/charter-proposal/1"
    case charterApproval = "cleanroom/charter-approval/1"
    case charterDeparture = "cleanroom/charter-departure/1"
    case charterAmendment = "cleanroom/charter-amendment/1"
    case table = "cleanroom/table/1"
    case analysisTemplate = "cleanroom/analysis-template/1"
    case query = "cleanroom/query/1"
    case collaborationSecret = "cleanroom/secret/1"
    case ledgerLine = "cleanroom/ledger-line/1"
    case ledgerHead = "cleanroom/ledger-head/1"
  }

  public var purpose: Purpose
  public var payload: [UInt8]
  /// Over the purpose, a zero byte and the payload.
  public var signature: [UInt8]
  /// The author's certificate, DER.
  public var certificate: [UInt8]

  public init(purpose: Purpose, payload: [UInt8], signature: [UInt8], certificate: [UInt8]) {
    self.purpose = purpose
    self.payload = payload
    self.signature = signature
    self.certificate = certificate
  }

  public static func signedBytes(purpose: Purpose, payload: [UInt8]) -> [UInt8] {
    Array(purpose.rawValue.utf8) + [0] + payload
  }
}

extension SignedDocument {
  private enum Keys: String, CodingKey { case purpose, payload, signature, certificate }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    func bytes(_ key: Keys) throws -> [UInt8] {
      guard let bytes = Base64.decode(try container.decode(String.self, forKey: key)) else {
        throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "not base64")
      }
      return bytes
    }
    self.init(
      purpose: try container.decode(Purpose.self, forKey: .purpose), payload: try bytes(.payload),
      signature: try bytes(.signature), certificate: try bytes(.certificate))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(purpose, forKey: .purpose)
    try container.encode(Base64.encode(payload), forKey: .payload)
    try container.encode(Base64.encode(signature), forKey: .signature)
    try container.encode(Base64.encode(certificate), forKey: .certificate)
  }
}
