import CleanRoomDaemon
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import CleanRoomStore
import CleanRoomTransport
import CleanRoomWire
import Foundation
import Logging

/// What would become of a query if this organization ran it now.
public struct QueryExplanation: Sendable {
  public let sql: String
  public let charter: CollaborationCharter
  public let runner: AccountID
  public let receivers: [AccountID]
  /// The tables that were considered, each as its owner published it.
  public let tables: [PublishedTable]
  /// Tables that carry no valid signature of their owner; they were left out.
  public let unsigned: Int
  public let askedAt: Timestamp
  /// Why the query would be refused whatever its text: abilities that the charter does not give.
  public let missingAbilities: [String]
  public let verdict: Verdict
  /// Nil unless the text is approved.
  public let plan: QueryPlan?

  public var isPermitted: Bool { missingAbilities.isEmpty && plan != nil }
}

/// Judges a query as coordinator and owners would, without running anything. Works beside a running daemon: it reads the
/// member's state and asks the coordinator for the published tables and templates over a connection of its own.
public struct QueryExplainer: Sendable {
  /// What is asked about.
  public enum Question: Sendable {
    case sql(String)
    case template(RequestedTemplate)
  }

  private let configuration: MemberConfiguration
  private let identity: DaemonIdentity
  private static let timeout: Duration = .seconds(20)

  /// - Throws: `IdentityError`.
  public init(_ configuration: MemberConfiguration) throws {
    self.configuration = configuration
    identity = try DaemonIdentity.load(
      configuration.identity, expecting: .member(configuration.account), now: DaemonClock.now)
  }

  /// - Parameter receivers: who is to have the result; none means this organization.
  /// - Throws: `StartError` when the question cannot be answered.
  public func explain(
    _ question: Question, in collaboration: CollaborationID, receivers: [AccountID]
  ) async throws -> QueryExplanation {
    let charter = try charter(of: collaboration)
    let documents = try await schema(of: collaboration)
    let now = MemberAssembly.clock()
    let (text, analysis, parameters) = try resolve(question, documents, charter)
    let published = documents.filter { $0.purpose != .analysisTemplate }
    let genuine = published.compactMap { identity.trust.publishedTable($0, charter: charter, now: now) }
    let receivers = receivers.isEmpty ? [configuration.account] : receivers
    let context = PolicyContext(
      runner: configuration.account, tables: genuine, receivers: receivers,
      joinsDifferentNames: charter.joinsDifferentNames, extended: configuration.api.mode == .extended, now: now,
      analysis: analysis, parameters: parameters)
    let verdict = QueryPolicy.check(sql: text, in: context).observingCleartext(of: charter)
    return QueryExplanation(
      sql: text, charter: charter, runner: configuration.account, receivers: receivers, tables: genuine,
      unsigned: published.count - genuine.count, askedAt: now,
      missingAbilities: Self.missingAbilities(configuration.account, receivers, charter), verdict: verdict,
      plan: Self.plan(verdict, charter))
  }

  /// The text that would run, and as what.
  private func resolve(
    _ question: Question, _ documents: [SignedDocument], _ charter: CollaborationCharter
  ) throws(StartError) -> (String, RequestedAnalysis, [QueryParameter]) {
    let requested: RequestedTemplate
    switch question {
    case .sql(let text): return (text, .directQuery, [])
    case .template(let template): requested = template
    }
    let genuine = documents.compactMap { identity.trust.analysisTemplate($0, charter: charter) }
    guard let template = genuine.first(where: { $0.arn == requested.arn }) else {
      throw StartError(
        "The collaboration has no analysis template of this ARN with a valid signature of its creator. See list-collaboration-analysis-templates."
      )
    }
    let unknown = template.unknownParameters(requested.parameters)
    guard unknown.isEmpty else {
      let known = template.parameters.map(\.name).joined(separator: ", ")
      throw StartError(
        "The template has no parameter \(unknown.joined(separator: ", ")). It has: \(known.isEmpty ? "none" : known).")
    }
    return (
      template.sql, .template(arn: template.arn, creator: template.creator),
      template.queryParameters(requested.parameters)
    )
  }

  private static func plan(_ verdict: Verdict, _ charter: CollaborationCharter) -> QueryPlan? {
    guard case .approved(let query) = verdict else { return nil }
    return QueryPlanner.plan(query, joinsDifferentNames: charter.joinsDifferentNames)
  }

  private static func missingAbilities(
    _ runner: AccountID, _ receivers: [AccountID], _ charter: CollaborationCharter
  ) -> [String] {
    let query = charter.allows(runner, .canQuery) ? [] : ["Account \(runner) does not have the ability CAN_QUERY."]
    return query
      + receivers.filter { !charter.allows($0, .canReceiveResults) }.map {
        "Account \($0) does not have the ability CAN_RECEIVE_RESULTS."
      }
  }

  /// The charter this member joined under.
  private func charter(of collaboration: CollaborationID) throws -> CollaborationCharter {
    let path = configuration.state + "/" + MemberConfiguration.stateFile
    guard FileManager.default.fileExists(atPath: path) else {
      throw StartError(
        "\(configuration.file): the member daemon has never run, so it is in no collaboration yet. Start it and create a membership."
      )
    }
    let memberships = Memberships(store: try DocumentStore(path: path, readOnly: true))
    guard let membership = try memberships.membership(in: collaboration) else {
      throw StartError(
        "Account \(configuration.account) has no membership in collaboration \(collaboration). Choose one that list-memberships shows."
      )
    }
    return try memberships.charter(of: membership)
  }

  private func schema(of collaboration: CollaborationID) async throws -> [SignedDocument] {
    let link = LinkClient(
      host: configuration.coordinatorHost, port: configuration.coordinatorPort, identity: identity,
      logger: Logger(label: "explain") { _ in SwiftLogNoOpLogHandler() }, clock: MemberAssembly.clock)
    do {
      let frames = try await link.inquire(
        kind: StreamKind.schema, about: collaboration.value, timeout: Self.timeout)
      return try frames.map { try WireJSON.decode(SignedDocument.self, from: $0) }
    } catch LinkError.failed(let reason) {
      throw StartError("The coordinator at \(configuration.coordinator) does not show the tables: \(reason)")
    } catch is LinkError {
      throw StartError(
        "The coordinator at \(configuration.coordinator) cannot be reached, and the tables of others are known to it only. Run cleanroom doctor --config \(configuration.file)."
      )
    } catch {
      throw StartError("The coordinator at \(configuration.coordinator) gave an answer that is not understood.")
    }
  }
}
