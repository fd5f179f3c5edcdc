import CleanRoomModel
import CleanRoomWire
import Foundation
import Testing

@testable import CleanRoomTransport

/// Who may connect: members of this authority, in time, not revoked, over TLS 1.3. Nobody else reaches the handler.
@Suite(.serialized) struct AdmissionTests {
  /// Whether the coordinator ever hears of the member; what is refused was refused at least once.
  private func isAdmitted(_ identity: DaemonIdentity, _ fixture: LinkFixture) async throws -> Bool {
    let server = fixture.handler
    try await running(fixture.client(identity)) { handler in
      let isDecided = await eventually {
        handler.has("down") || server.events.withLock { !$0.isEmpty }
      }
      #expect(isDecided)
    }
    return server.events.withLock { !$0.isEmpty }
  }

  @Test func aMemberIsAdmitted() async throws {
    try await withLink { fixture in
      let outcome = try await isAdmitted(try fixture.consortium.identity("acme", at: Date()), fixture)
      #expect(outcome)
    }
  }

  @Test func foreignAuthority() async throws {
    try await withLink { fixture in
      let other = try CertificateAuthority(name: "Test", now: Date())
      let outcome = try await isAdmitted(
        try fixture.identity(.member(Consortium.acme), authority: other), fixture)
      #expect(!outcome)
    }
  }

  @Test func expiredAndNotYetValid() async throws {
    try await withLink { fixture in
      let past = try fixture.identity(
        .member(Consortium.acme), from: Date(timeIntervalSinceNow: -90),
        until: Date(timeIntervalSinceNow: -60))
      let late = try await isAdmitted(past, fixture)
      #expect(!late)
      let future = try fixture.identity(
        .member(Consortium.acme), from: Date(timeIntervalSinceNow: 60), until: Date(timeIntervalSinceNow: 90))
      let early = try await isAdmitted(future, fixture)
      #expect(!early)
    }
  }

  @Test func revoked() async throws {
    let before = Shared<DaemonIdentity?>(nil)
    func revoke(_ consortium: Consortium) throws {
      let identity = try consortium.identity("acme", at: Date())
      before.set(identity)
      try consortium.revoke("acme")
    }
    try await withLink(prepare: revoke) { fixture in
      let outcome = try await isAdmitted(try #require(before.value), fixture)
      #expect(!outcome)
      let partner = try fixture.client("partner")
      try await running(partner) { _ in #expect(await partner.waitUntilUp(timeout: .seconds(30))) }
    }
  }

  @Test func aCoordinatorIsNoMember() async throws {
    try await withLink { fixture in
      let outcome = try await isAdmitted(try fixture.consortium.identity("coordinator", at: Date()), fixture)
      #expect(!outcome)
    }
  }

  @Test func aMemberIsNoCoordinator() async throws {
    // A member that poses as coordinator: the caller hangs up before it says anything.
    try await withLink(as: "partner") { fixture in
      let client = try fixture.client()
      try await running(client) { handler in
        #expect(await eventually { handler.has("not the coordinator") })
        #expect(!client.isUp)
      }
      #expect(fixture.handler.events.withLock { $0.isEmpty })
    }
  }

  @Test func aForeignCoordinatorIsRefused() async throws {
    try await withLink { fixture in
      let stranger = try Consortium(at: Date(), name: "Test")
      let client = fixture.client(try stranger.identity("acme", at: Date()))
      try await running(client) { handler in
        #expect(await eventually { handler.has("down") })
        #expect(!client.isUp)
      }
    }
  }

  // MARK: Raw peers

  private func openssl(_ fixture: LinkFixture, _ options: [String], input: String = "Q\n") async throws
    -> String
  {
    let command =
      "exec openssl s_client -connect 127.0.0.1:\(fixture.port) \(options.joined(separator: " ")) 2>&1"
    return try await run("sh", ["-c", command], input: input)
  }

  @Test func olderTLSIsRefused() async throws {
    try await withLink { fixture in
      let certificate = [
        "-cert", fixture.consortium.files("acme").certificate, "-key",
        fixture.consortium.files("acme").privateKey,
      ]
      let old = try await openssl(fixture, certificate + ["-tls1_2"])
      #expect(old.contains("protocol version") || old.contains("Cipher is (NONE)"), "\(old)")
      #expect(!old.contains("New, TLSv1.2"))
      let current = try await openssl(fixture, certificate + ["-tls1_3"])
      #expect(current.contains("New, TLSv1.3"))
    }
  }

  @Test func noClientCertificate() async throws {
    try await withLink { fixture in
      _ = try await openssl(fixture, ["-tls1_3"])
      #expect(fixture.handler.events.withLock { $0.isEmpty })
    }
  }

  private func elapsed(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return ContinuousClock.now - start
  }

  @Test func silentPeersAreDroppedInTime() async throws {
    try await withLink(settings: .impatient) { fixture in
      // One that says nothing at all, one that says nothing after its handshake.
      let silent = try await elapsed { try await blocking { try RawPeer(port: fixture.port).readToEnd() } }
      #expect(silent < .seconds(20))
      let files = fixture.consortium.files("acme")
      let mute = try await elapsed {
        let arguments = [
          "s_client", "-connect", "127.0.0.1:\(fixture.port)", "-quiet", "-cert", files.certificate,
        ]
        try await run(
          "openssl", arguments + ["-key", files.privateKey], keepsInputOpen: true)
      }
      #expect(mute < .seconds(20))
    }
  }

  @Test func garbageIsDropped() async throws {
    try await withLink(settings: .impatient) { fixture in
      let time = try await elapsed {
        try await blocking {
          let peer = try RawPeer(port: fixture.port)
          peer.write([UInt8](repeating: 0x47, count: 4096))
          peer.readToEnd()
        }
      }
      #expect(time < .seconds(20))
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)), "others are served meanwhile")
      }
    }
  }
}

/// A peer that speaks no TLS.
final class RawPeer {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var limit = timeval(tv_sec: 40, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw CocoaError(.fileReadUnknown) }
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// Reads until the other side hangs up.
  func readToEnd() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
  }
}
