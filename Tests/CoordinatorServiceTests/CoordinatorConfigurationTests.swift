import Foundation
import Testing

@testable import CoordinatorService

@Suite struct CoordinatorConfigurationTests {
  private func load(_ limits: String) throws -> CoordinatorConfiguration {
    let path = NSTemporaryDirectory() + "coordinator-" + UUID().uuidString + ".yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try """
    listen: 127.0.0.1:7400
    identity: {certificate: identity.pem, privateKey: identity.key, authority: ../ca/authority.pem}
    state: state/
    \(limits)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return try CoordinatorConfiguration.load(path)
  }

  @Test func limitsAreOptional() throws {
    let configuration = try load("")
    #expect(configuration.limits.queryMemory == 2 << 30)
    #expect(configuration.limits.querySpill == 20 << 30)
    #expect(configuration.limits.queryTime == .seconds(900))
    #expect(configuration.limits.concurrentQueries == 4)
    #expect(configuration.state.hasSuffix("/state"))
  }

  @Test func limitsAreRead() throws {
    let limits = try load("limits: {queryMemory: 512MiB, queryTime: 30s, memberWait: 2s}").limits
    #expect(limits.engine.memory == 512 << 20)
    #expect(limits.queryTime == .seconds(30))
    #expect(limits.waits.absence == .seconds(2))
  }

  @Test func unknownKeysAreRefused() {
    #expect(throws: (any Error).self) { try load("limits: {queryMemmory: 1GiB}") }
    #expect(throws: (any Error).self) { try load("listn: 127.0.0.1:1") }
  }
}
