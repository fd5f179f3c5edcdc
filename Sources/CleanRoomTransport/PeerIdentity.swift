import CleanRoomModel
import X509

/// What a certificate entitles its holder to be.
public enum PeerRole: Hashable, Sendable, CustomStringConvertible {
  case member(AccountID)
  case coordinator

  private static let accountPrefix = "urn:cleanroom:account:"
  private static let coordinatorName = "urn:cleanroom:coordinator"

  /// The URI in the certificate's subject alternative name.
  public var uri: String {
    switch self {
    case .member(let account): Self.accountPrefix + account.value
    case .coordinator: Self.coordinatorName
    }
  }

  init?(uri: String) {
    if uri == Self.coordinatorName {
      self = .coordinator
    } else if uri.hasPrefix(Self.accountPrefix),
      let account = AccountID(String(uri.dropFirst(Self.accountPrefix.count)))
    {
      self = .member(account)
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .member(let account): "member \(account)"
    case .coordinator: "coordinator"
    }
  }
}

/// Who is at the other end, as its verified certificate says; nothing in a message can change it.
public struct PeerIdentity: Sendable, Hashable {
  public let role: PeerRole
  /// DER.
  public let certificate: [UInt8]

  init(role: PeerRole, certificate: [UInt8]) {
    self.role = role
    self.certificate = certificate
  }

  public var account: AccountID? {
    if case .member(let account) = role { account } else { nil }
  }
}

extension Certificate {
  /// The one role this certificate names; nil if it names none or several.
  var role: PeerRole? {
    guard let names = try? extensions.subjectAlternativeNames else { return nil }
    let roles = names.compactMap { name -> PeerRole? in
      guard case .uniformResourceIdentifier(let uri) = name else { return nil }
      return PeerRole(uri: uri)
    }
    return roles.count == 1 ? roles[0] : nil
  }
}
