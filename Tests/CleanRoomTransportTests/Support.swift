import CleanRoomModel
import CleanRoomWire
import Crypto
import Foundation
import Logging
import Synchronization
import X509

@testable import CleanRoomTransport

let now = Date(timeIntervalSince1970: 1_764_000_000)
let nowStamp = Timestamp(milliseconds: 1_764_000_000_000)
/// For connections, whose certificates OpenSSL judges by the machine's clock.
let wallClock: @Sendable () -> Timestamp = {
  Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
}

/// A consortium in a folder that is gone when the test is over.
final class Consortium: Sendable {
  let path: String
  static let acme = AccountID.known("111111111111")
  static let partner = AccountID.known("222222222222")

  /// - Parameter at: when authority and identities were made.
  init(at: Date = now, name: String = "Test") throws {
    path = NSTemporaryDirectory() + "cleanroom-transport-" + UUID().uuidString
    let authority = try CertificateAuthority(name: name, now: at)
    try authority.write(to: path + "/ca", now: at)
    try authority.writeIdentity(.coordinator, name: "Coordinator", to: path + "/coordinator", now: at)
    try authority.writeIdentity(.member(Self.acme), name: "Acme", to: path + "/acme", now: at)
    try authority.writeIdentity(.member(Self.partner), name: "Partner", to: path + "/partner", now: at)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func authority() throws -> CertificateAuthority { try CertificateAuthority(folder: path + "/ca") }

  func files(_ name: String) -> IdentityFiles {
    IdentityFiles(
      certificate: "\(path)/\(name)/identity.pem", privateKey: "\(path)/\(name)/identity.key",
      authority: "\(path)/ca/authority.pem", revocations: "\(path)/ca/revoked.pem")
  }

  func role(_ name: String) -> PeerRole {
    switch name {
    case "acme": .member(Self.acme)
    case "partner": .member(Self.partner)
    default: .coordinator
    }
  }

  func identity(_ name: String, at time: Date = now) throws -> DaemonIdentity {
    try DaemonIdentity.load(files(name), expecting: role(name), now: time)
  }

  /// What is wrong with an identity, or nil.
  func problem(_ files: IdentityFiles, expecting role: PeerRole? = nil, at time: Date = now) -> IdentityError? {
    do {
      _ = try DaemonIdentity.load(files, expecting: role ?? .member(Self.acme), now: time)
      return nil
    } catch {
      return error
    }
  }

  func revoke(_ name: String) throws {
    let pem = try String(contentsOfFile: "\(path)/\(name)/identity.pem", encoding: .utf8)
    try authority().revoke(try Certificate(pemEncoded: pem), folder: path + "/ca", now: now)
  }
}

extension AccountID {
  /// For accounts written out in a test.
  static func known(_ value: String) -> AccountID {
    guard let account = AccountID(value) else { preconditionFailure("no account") }
    return account
  }
}

extension LinkSettings {
  /// Short pauses; limits as they are, for machines that have much else to do.
  static var quick: LinkSettings {
    var settings = LinkSettings()
    settings.firstPause = .milliseconds(20)
    settings.longestPause = .milliseconds(100)
    return settings
  }

  /// Short limits, for tests of the limits.
  static var impatient: LinkSettings {
    var settings = LinkSettings.quick
    settings.handshake = .milliseconds(800)
    settings.ping = .milliseconds(100)
    settings.silence = .milliseconds(600)
    return settings
  }
}

func quietLogger() -> Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

/// Waits, a little at a time, until something is so.
func eventually(within limit: Duration = .seconds(30), _ condition: @Sendable () async -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return await condition()
}

/// A value that several tasks of a test look at.
final class Shared<Value: Sendable>: Sendable {
  private let state: Mutex<Value>

  init(_ value: Value) { state = Mutex(value) }

  var value: Value { state.withLock { $0 } }

  func set(_ value: Value) { state.withLock { $0 = value } }

  func change(_ body: (inout Value) -> Void) { state.withLock { body(&$0) } }
}
