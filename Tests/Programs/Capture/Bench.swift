import CleanRoomCapture
import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Crypto
import Foundation
import Logging

/// Sends batches of tokens through TLS and a relay, then has the recording searched for a table's cells.
struct Bench {
  let rows: Int
  let megabytes: Int

  private static let account = "111111111111"
  private static let party = "acme"
  private let folder = NSTemporaryDirectory() + "cleanroom-capture-bench-\(UUID().uuidString)"

  func run() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let capture = CaptureFolder(path: folder + "/capture")
    let session = CaptureSession(folder: capture)
    for (name, value) in session.environment(party: Self.party) { setenv(name, value, 1) }
    try writeTable()
    try await send(into: capture)
    try DuckDBLibrary.load()
    let record = try await session.finish(
      parties: [Self.party], tables: [table], ledgers: [Self.party: folder + "/ledger.sqlite"])
    let values = record.canaries.map(\.values).reduce(0, +)
    print(
      "\(values) values, \(record.links[0].clearBytesSent) bytes sent, \(record.seconds) s; \(record.listedBatches) batches listed, clean: \(record.isClean)"
    )
  }

  private var table: CanaryTable {
    CanaryTable(
      party: Self.party, name: "people",
      source: TableSource(format: .csv, files: [folder + "/people.csv"], types: [:], derived: []), permitted: [])
  }

  private func writeTable() throws {
    var text = "email\n"
    for row in 0..<rows { text += "person.\(row &* 7_919 % 1_000_003).\(row)@mail\(row % 5).example\n" }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/people.csv"))
  }

  private func send(into capture: CaptureFolder) async throws {
    let now = Date()
    let authority = try CertificateAuthority(name: "Bench", now: now)
    try authority.write(to: folder + "/ca", now: now)
    guard let account = AccountID(Self.account) else { throw UsageError(description: "no account") }
    let roles: [(String, PeerRole)] = [("coordinator", .coordinator), ("acme", .member(account))]
    let identities = try roles.map { name, role in
      try authority.writeIdentity(role, name: name, to: "\(folder)/\(name)", now: now)
      let files = IdentityFiles(
        certificate: "\(folder)/\(name)/identity.pem", privateKey: "\(folder)/\(name)/identity.key",
        authority: "\(folder)/ca/authority.pem", revocations: nil)
      return try DaemonIdentity.load(files, expecting: role, now: now)
    }
    let clock: @Sendable () -> Timestamp = { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let server = LinkServer(
      host: "127.0.0.1", port: 0, identity: identities[0], handler: Sink(), logger: logger, clock: clock)
    let relay = try await LinkRelay.start(
      party: Self.party, to: ("127.0.0.1", try await server.start()), recordingInto: capture)
    let client = LinkClient(
      host: "127.0.0.1", port: relay.port, identity: identities[1], logger: logger, clock: clock)
    let ledger = try ReleaseLedger(path: folder + "/ledger.sqlite") { try identities[1].sign($1, purpose: $0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await server.run() }
      group.addTask { await client.run(Sink()) }
      try await release(over: client, ledger, clock)
      group.cancelAll()
    }
    await relay.close()
  }

  private func release(over client: LinkClient, _ ledger: ReleaseLedger, _ clock: () -> Timestamp) async throws {
    let columns = [ColumnDescription(name: "email", content: .token)]
    let query = QueryID.random()
    let stream = try await client.openStream(
      kind: StreamKind.release, query: query.value,
      header: try WireJSON.encode(ReleaseHeader(table: "people", columns: columns)), timeout: .seconds(10))
    for number in 0..<megabytes {
      let tokens = (0..<(1 << 16)).map { _ in Int128.random(in: .min ... .max) }
      let batch = BatchCodec.encode(
        ColumnBatch(rowCount: tokens.count, columns: [ColumnVector(storage: .int128(tokens))]), columns: [.token],
        sequence: UInt64(number))
      try ledger.append(
        LedgerEntry(
          at: clock(), collaboration: .random(), query: query, table: "people", receiver: "coordinator",
          columns: [LedgerColumn(name: "email", kind: "token")], rows: tokens.count, bytes: batch.count, batch: number,
          payloadSHA256: Hex.encode(SHA256.hash(data: batch))))
      try await stream.send(batch)
    }
    try await stream.finish()
  }
}

/// Takes what comes and says nothing.
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
