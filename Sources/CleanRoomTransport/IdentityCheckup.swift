import CleanRoomModel
import Foundation
import X509

/// Looks at the files of an identity, at the clock they are read by, and at the way to the coordinator.
public struct IdentityCheckup: Sendable {
  private let files: IdentityFiles
  private let role: PeerRole
  private let now: Date
  /// A certificate that ends sooner deserves a warning.
  private static let warningDays = 30
  private static let revocationDays = 30

  public init(_ files: IdentityFiles, role: PeerRole, now: Date) {
    self.files = files
    self.role = role
    self.now = now
  }

  /// Files, modes, key and certificate, chain, role and revocation are what `DaemonIdentity.load` checks.
  public func findings() -> (identity: DaemonIdentity?, findings: [Finding]) {
    do {
      let identity = try DaemonIdentity.load(files, expecting: role, now: now)
      let certificate = try Certificate(derEncoded: identity.certificateDER)
      return (
        identity,
        [
          .ok("keys", "\(files.privateKey) is readable by its owner only and fits the certificate of \(role)"),
          lifetime("certificate", files.certificate, certificate),
          lifetime("authority", files.authority, identity.trust.authority), hosts(certificate),
          clock(certificate), revocations(identity.trust.authority),
        ]
      )
    } catch let error as IdentityError {
      return (nil, [.fail("identity", error.description)])
    } catch {
      return (nil, [.fail("identity", "\(files.certificate): is not understood. Have it issued again.")])
    }
  }

  private func lifetime(_ subject: String, _ path: String, _ certificate: Certificate) -> Finding {
    let days = Int(certificate.notValidAfter.timeIntervalSince(now) / 86_400)
    let text = "\(path) is valid for \(days) more days"
    return days < Self.warningDays ? .warn(subject, text + ". Have it issued again soon.") : .ok(subject, text)
  }

  private func hosts(_ certificate: Certificate) -> Finding {
    let names = (try? certificate.extensions.subjectAlternativeNames)?.compactMap { name -> String? in
      if case .dnsName(let host) = name { host } else { nil }
    }
    guard role != .coordinator else { return .ok("hosts", "the coordinator is known by its role, not by a host name") }
    guard let names, !names.isEmpty else {
      return .fail("hosts", "the certificate names no host, so no client accepts the API. Request one with --api-host.")
    }
    return .ok("hosts", "clients may call the API as \(names.joined(separator: ", "))")
  }

  /// No clock but this machine's is asked: it cannot be earlier than what the authority has signed.
  private func clock(_ certificate: Certificate) -> Finding {
    let signed = [certificate.notValidBefore, revocationTime(certificate)].compactMap { $0 }.max() ?? now
    guard signed.timeIntervalSince(now) < 300 else {
      return .fail(
        "clock",
        "the clock shows \(now.formatted(.iso8601)), earlier than the authority's last signature. Set the clock.")
    }
    return .ok("clock", "the clock shows \(now.formatted(.iso8601))")
  }

  private func revocationTime(_ authority: Certificate) -> Date? {
    guard let path = files.revocations, let text = try? IdentityFile(path).text() else { return nil }
    return (try? RevocationList(pem: text, authority: authority))?.issuedAt
  }

  private func revocations(_ authority: Certificate) -> Finding {
    guard let path = files.revocations else {
      return .warn("revocations", "no revocation list is configured. Name the authority's under identity.revocations.")
    }
    guard let time = revocationTime(authority) else { return .ok("revocations", "\(path) is signed by the authority") }
    let days = Int(now.timeIntervalSince(time) / 86_400)
    let text = "\(path) was issued \(days) days ago"
    return days > Self.revocationDays
      ? .warn("revocations", text + ". Fetch the present one.") : .ok("revocations", text)
  }
}
