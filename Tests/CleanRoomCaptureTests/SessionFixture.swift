import CleanRoomEngine
import CleanRoomModel
import CleanRoomReport
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Crypto
import Foundation
import Logging

@testable import CleanRoomCapture

/// A member that sends batches to a coordinator through TLS and a relay, in one process.
struct SessionFixture {
  static let party = "acme"
  let scratch: ScratchFolder
  let capture: CaptureFolder
  let client: LinkClient
  let ledger: ReleaseLedger
  private let identity: DaemonIdentity

  private static let clock: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }

  static func run(_ body: @Sendable (SessionFixture) async throws -> Void) async throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    let capture = CaptureFolder(path: scratch.path + "/capture")
    for (name, value) in CaptureSession(folder: capture).environment(party: party) { setenv(name, value, 1) }
    try writeTable(scratch.path + "/people.csv")
    let identities = try identities(scratch.path)
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let server = LinkServer(
      host: "127.0.0.1", port: 0, identity: identities[0], handler: Sink(), logger: quiet, clock: clock)
    let relay = try await LinkRelay.start(
      party: party, to: ("127.0.0.1", try await server.start()), recordingInto: capture)
    let client = LinkClient(
      host: "127.0.0.1", port: relay.port, identity: identities[1], logger: quiet, clock: clock)
    let ledger = try ReleaseLedger(path: scratch.path + "/ledger.sqlite") { try identities[1].sign($1, purpose: $0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await server.run() }
      group.addTask { await client.run(Sink()) }
      defer { group.cancelAll() }
      _ = await client.waitUntilUp(timeout: .seconds(10))
      try await body(
        SessionFixture(scratch: scratch, capture: capture, client: client, ledger: ledger, identity: identities[1]))
    }
    await relay.close()
    return scratch
  }

  private static func identities(_ folder: String) throws -> [DaemonIdentity] {
    let now = Date()
    let authority = try CertificateAuthority(name: "Test", now: now)
    try authority.write(to: folder + "/ca", now: now)
    guard let account = AccountID("111111111111") else { throw WireError() }
    let roles: [(String, PeerRole)] = [("coordinator", .coordinator), (party, .member(account))]
    return try roles.map { name, role in
      try authority.writeIdentity(role, name: name, to: "\(folder)/\(name)", now: now)
      let files = IdentityFiles(
        certificate: "\(folder)/\(name)/identity.pem", privateKey: "\(folder)/\(name)/identity.key",
        authority: "\(folder)/ca/authority.pem", revocations: nil)
      return try DaemonIdentity.load(files, expecting: role, now: now)
    }
  }

  private static func writeTable(_ path: String) throws {
    let rows = (0..<2000).map { "person.\($0 * 7919)@mail.example,\(["Oslo", "Bergen"][$0 % 2]),\($0 % 3)" }
    try Data("email,city,visits\n\(rows.joined(separator: "\n"))\n".utf8).write(to: URL(fileURLWithPath: path))
  }

  static let columns = [
    ColumnDescription(name: "email", content: .token), ColumnDescription(name: "city", content: .value(.string)),
  ]

  static func batch(_ sequence: Int, cities: [String] = ["Oslo", "Bergen"]) -> [UInt8] {
    let offsets = cities.reduce(into: [UInt32(0)]) { $0.append(($0.last ?? 0) + UInt32($1.utf8.count)) }
    return BatchCodec.encode(
      ColumnBatch(
        rowCount: cities.count,
        columns: [
          ColumnVector(storage: .int128(cities.map { _ in Int128.random(in: .min ... .max) })),
          ColumnVector(storage: .bytes(offsets: offsets, data: Array(cities.joined().utf8))),
        ]), columns: columns.map(\.content), sequence: UInt64(sequence))
  }

  func list(_ batch: [UInt8], _ sequence: Int, of query: QueryID, rows: Int = 2) throws {
    try ledger.append(
      LedgerEntry(
        at: Self.clock(), collaboration: .random(), query: query, table: "people", receiver: "coordinator",
        columns: Self.columns.map { LedgerColumn(name: $0.name, kind: $0.content == .token ? "token" : "value") },
        rows: rows, bytes: batch.count, batch: sequence, payloadSHA256: Hex.encode(SHA256.hash(data: batch))))
  }

  func release(_ batches: [[UInt8]], of query: QueryID, finishing: Bool = true) async throws {
    let stream = try await client.openStream(
      kind: StreamKind.release, query: query.value,
      header: try WireJSON.encode(ReleaseHeader(table: "people", columns: Self.columns)), timeout: .seconds(10))
    for batch in batches { try await stream.send(batch) }
    if finishing { try await stream.finish() }
  }

  static func judge(_ scratch: ScratchFolder) async throws -> DisclosureRecord {
    try DuckDBLibrary.load()
    let table = CanaryTable(
      party: party, name: "people",
      source: TableSource(format: .csv, files: [scratch.path + "/people.csv"], types: [:], derived: []),
      permitted: ["city"], identifiers: ["email"])
    return try await CaptureSession(folder: CaptureFolder(path: scratch.path + "/capture")).finish(
      parties: [party], tables: [table], ledgers: [party: scratch.path + "/ledger.sqlite"])
  }
}

private struct Sink: LinkServerHandler, LinkClientHandler {
  func memberConnected(_ peer: PeerIdentity, account: AccountID) async {}
  func memberDisconnected(_ account: AccountID) async {}
  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply { .success([]) }
  func linkUp() async {}
  func linkDown(reason: String) async {}
  func respond(to kind: String, payload: [UInt8]) async -> LinkReply { .success([]) }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID) async {
    do { while try await stream.receive() != nil {} } catch {}
  }
}
