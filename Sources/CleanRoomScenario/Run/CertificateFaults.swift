import CleanRoomModel
import CleanRoomTransport
import Crypto
import Foundation
import X509

/// The consortium's certificates.
struct CertificateFiles: Sendable {
  private let room: RunRoom

  init(_ room: RunRoom) { self.room = room }

  var authorityFolder: String { room.folder.consortium + "/ca" }

  func authority() throws -> CertificateAuthority { try CertificateAuthority(folder: authorityFolder) }

  func certificate(_ name: String) throws -> String { try room.identityFolder(name) + "/identity.pem" }

  /// Issues another certificate for the key that the daemon has.
  func issue(_ name: String, notBefore: Date, notAfter: Date) throws {
    let folder = try room.identityFolder(name)
    let pem = try String(contentsOfFile: folder + "/identity.key", encoding: .utf8)
    let key = try P256.Signing.PrivateKey(pemRepresentation: pem)
    let (role, subject): (PeerRole, String)
    if name == RunRoom.coordinator {
      (role, subject) = (.coordinator, "Cleanroom coordinator")
    } else {
      let party = try room.party(name)
      guard let account = AccountID(party.account) else {
        throw RunProblem("The account of \(name) has not 12 digits.")
      }
      (role, subject) = (.member(account), party.name)
    }
    let issued = try authority().issue(
      role, name: subject, publicKey: key.publicKey, notBefore: notBefore, notAfter: notAfter)
    try RunFolder.replace(try certificate(name), with: try issued.serializeAsPEM().pemString + "\n")
  }
}

extension RunFolder {
  /// The file is replaced as a whole and keeps its owner and mode.
  static func replace(_ path: String, with text: String) throws {
    var status = stat()
    let isThere = stat(path, &status) == 0
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    guard isThere else { return }
    _ = chmod(path, status.st_mode & 0o7777)
    _ = chown(path, status.st_uid, status.st_gid)
  }
}

/// Certificates that expire, are revoked or renewed while their daemons run.
struct CertificateFaults: Sendable {
  private let room: RunRoom
  private let files: CertificateFiles
  /// A daemon does not take a certificate that has expired already: it gets one that is about to.
  private static let validity: Duration = .seconds(2)

  init(_ room: RunRoom) {
    self.room = room
    files = CertificateFiles(room)
  }

  /// Returns when the certificate has expired and the links under it have been looked at again.
  func expire(_ name: String) async throws {
    let daemon = try room.daemon(name)
    let now = Date()
    try files.issue(
      name, notBefore: now.addingTimeInterval(-600), notAfter: now.addingTimeInterval(Self.validity.seconds))
    guard await daemon.reload() else { throw Self.refused(name, daemon) }
    // Certificates count whole seconds.
    try await Task.sleep(for: Self.validity + .seconds(1))
    try await lookAgain(at: name)
  }

  func renew(_ name: String) async throws {
    let now = Date()
    try files.issue(name, notBefore: now.addingTimeInterval(-300), notAfter: now.addingTimeInterval(365 * 86_400))
    let daemon = try room.daemon(name)
    guard await daemon.reload() else { throw Self.refused(name, daemon) }
  }

  /// Everybody gets the new list.
  func revoke(_ name: String) async throws {
    _ = try files.authority().revoke(
      try files.certificate(name), folder: files.authorityFolder, now: Date())
    for (other, daemon) in room.daemons where other != name { await daemon.reload() }
    try await lookAgain(at: name)
  }

  /// The coordinator judges its members' certificates on a reload, members the coordinator's when they connect.
  private func lookAgain(at name: String) async throws {
    guard name == RunRoom.coordinator else {
      try await room.daemon(RunRoom.coordinator).reload()
      return
    }
    for party in room.scenario.parties {
      try await room.links.cut(party.id)
      try await room.links.mend(party.id)
    }
  }

  private static func refused(_ name: String, _ daemon: RunDaemon) -> RunProblem {
    RunProblem("The daemon of \(name) did not take its new certificate. See \(daemon.log).")
  }
}
