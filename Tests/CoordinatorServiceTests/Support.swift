import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Foundation
import Logging
import Synchronization

@testable import CoordinatorService

enum Accounts {
  static let retailer = account("123456789012")
  static let partner = account("987654321098")
  static let third = account("555555555555")

  private static func account(_ text: String) -> AccountID {
    guard let account = AccountID(text) else { preconditionFailure("not an account") }
    return account
  }
}

func newID<Kind>() -> ResourceID<Kind> { .random() }

/// Members without sockets: what they answer is a closure.
final class FakeLink: MemberLink {
  struct Call: Sendable {
    var kind: String
    var account: AccountID
    var payload: [UInt8]
  }

  typealias Answer = @Sendable (Call) throws(LinkError) -> [UInt8]

  private struct State {
    var certificates: [AccountID: [UInt8]] = [:]
    var calls: [Call] = []
    var answer: Answer = { _ in [] }
  }

  private let state = Mutex(State())

  func connect(_ account: AccountID, certificate: [UInt8] = []) {
    state.withLock { $0.certificates[account] = certificate }
  }

  func disconnect(_ account: AccountID) { state.withLock { $0.certificates[account] = nil } }
  func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }
  func calls(_ kind: String) -> [Call] { state.withLock { $0.calls.filter { $0.kind == kind } } }

  func isConnected(_ account: AccountID) -> Bool { certificate(of: account) != nil }
  func certificate(of account: AccountID) -> [UInt8]? { state.withLock { $0.certificates[account] } }

  func request(_ kind: String, _ payload: [UInt8], to account: AccountID, timeout: Duration)
    async throws(LinkError) -> [UInt8]
  {
    guard isConnected(account) else { throw .notConnected }
    let call = Call(kind: kind, account: account, payload: payload)
    let answer = state.withLock { state in
      state.calls.append(call)
      return state.answer
    }
    return try answer(call)
  }
}

/// A coordinator's services over a store in a folder of its own, with real identities and no network.
final class TestCoordinator {
  let folder: String
  let store: DocumentStore
  let link = FakeLink()
  let services: CoordinatorServices
  private let authority: CertificateAuthority
  private static let now = Date()

  static var time: Timestamp { Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000)) }

  init(limits: CoordinatorLimits = CoordinatorLimits()) throws {
    folder = NSTemporaryDirectory() + "cleanroom-coordinator-tests-" + UUID().uuidString
    authority = try CertificateAuthority(name: "Test", now: Self.now)
    try authority.write(to: folder + "/ca", now: Self.now)
    try authority.writeIdentity(.coordinator, name: "Coordinator", to: folder + "/coordinator", now: Self.now)
    let own = try DaemonIdentity.load(
      Self.files(folder, folder + "/coordinator"), expecting: .coordinator, now: Self.now)
    store = try DocumentStore(path: folder + "/state.sqlite")
    services = CoordinatorServices(
      store: store, link: link, trust: own.trust, limits: limits, spillFolder: folder + "/spill",
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, clock: { TestCoordinator.time })
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func files(_ root: String, _ own: String) -> IdentityFiles {
    IdentityFiles(
      certificate: own + "/identity.pem", privateKey: own + "/identity.key",
      authority: root + "/ca/authority.pem",
      revocations: root + "/ca/revoked.pem")
  }

  func identity(_ account: AccountID, of generation: Int = 0) throws -> DaemonIdentity {
    let own = folder + "/\(account)-\(generation)"
    if !FileManager.default.fileExists(atPath: own) {
      try authority.writeIdentity(.member(account), name: "Test \(account)", to: own, now: Self.now)
    }
    return try DaemonIdentity.load(Self.files(folder, own), expecting: .member(account), now: Self.now)
  }

  func sign(_ value: some Encodable, _ purpose: SignedDocument.Purpose, as account: AccountID) throws
    -> SignedDocument
  {
    try identity(account).sign(try WireJSON.encode(value), purpose: purpose)
  }

  /// - Throws: the `APIError` of the reply.
  @discardableResult
  func call(
    _ operation: String, _ input: JSONValue, from account: AccountID, document: SignedDocument? = nil,
    extended: Bool = true
  ) async throws -> JSONValue {
    let reply = await services.api.perform(
      ForwardedCall(
        operation: operation, input: input.text, document: document, region: "us-east-1", extended: extended),
      from: account)
    return try Self.output(reply)
  }

  @discardableResult
  static func output(_ reply: ForwardedReply) throws -> JSONValue {
    if let error = reply.error { throw APIError(text: error) ?? .internalError }
    return try JSONValue(parsing: Array((reply.output ?? "").utf8))
  }
}

/// The error that `body` throws.
func apiError(_ body: () async throws -> Void) async -> APIError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? APIError
  }
}
