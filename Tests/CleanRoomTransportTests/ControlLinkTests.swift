import CleanRoomModel
import CleanRoomWire
import Foundation
import Testing

@testable import CleanRoomTransport

@Suite(.serialized) struct ControlLinkTests {
  @Test func requestsGoBothWays() async throws {
    try await withLink { fixture in
      let client = try fixture.client()
      try await running(client) { handler in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        let echoed = try await client.request("echo", [1, 2], timeout: .seconds(30))
        let empty = try await client.request("echo", [], timeout: .seconds(30))
        #expect(echoed == [1, 2] && empty == [])
        #expect(await eventually { fixture.server.isConnected(Consortium.acme) })
        let answer = try await fixture.server.request("x", [5], to: Consortium.acme, timeout: .seconds(30))
        #expect(answer == [5, 0])
        #expect(
          await linkError { () throws(LinkError) in
            _ = try await client.request("fail", [], timeout: .seconds(30))
          } == .failed("no"))
        #expect(
          await linkError { () throws(LinkError) in
            _ = try await fixture.server.request("fail", [], to: Consortium.acme, timeout: .seconds(30))
          } == .failed("not here"))
        #expect(handler.has("up"))
        let identity = try fixture.consortium.identity("acme", at: Date())
        #expect(fixture.server.certificate(of: Consortium.acme) == identity.certificateDER)
      }
      #expect(await eventually { !fixture.server.isConnected(Consortium.acme) })
      #expect(
        fixture.handler.events.withLock { $0 } == [
          "connected 111111111111 true", "disconnected 111111111111",
        ])
    }
  }

  @Test func answersComeToTheRightQuestion() async throws {
    let server = ServerHandler(respond: { _, payload, _ in
      try? await Task.sleep(for: .milliseconds(Int(payload[0] % 7) * 5))
      return .success(payload)
    })
    try await withLink(server) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in UInt8(0)..<50 {
            group.addTask {
              let answer = try await client.request("echo", [number], timeout: .seconds(30))
              #expect(answer == [number])
            }
          }
          try await group.waitForAll()
        }
      }
    }
  }

  @Test func waitsHaveALimit() async throws {
    let server = ServerHandler(respond: { _, _, _ in
      try? await Task.sleep(for: .seconds(60))
      return .success([])
    })
    try await withLink(server) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        let error = await linkError { () throws(LinkError) in
          _ = try await client.request("slow", [], timeout: .milliseconds(100))
        }
        #expect(error == .timedOut)
      }
    }
  }

  @Test func tooManyRequestsAreRefused() async throws {
    let gate = Shared(false)
    let server = ServerHandler(respond: { _, _, _ in
      while !gate.value { try? await Task.sleep(for: .milliseconds(10)) }
      return .success([])
    })
    var settings = LinkSettings.quick
    settings.concurrentRequests = 2
    try await withLink(server, settings: settings) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        let refused = await withTaskGroup(of: LinkError?.self) { group in
          for _ in 0..<5 {
            group.addTask {
              await linkError { () throws(LinkError) in
                _ = try await client.request("x", [], timeout: .seconds(30))
              }
            }
          }
          var refused = 0
          for await error in group {
            refused += error == .failed("too many requests at once") ? 1 : 0
            // The two that were taken are answered once the others have been refused.
            if refused == 3 { gate.set(true) }
          }
          return refused
        }
        #expect(refused == 3)
      }
    }
  }

  @Test func aSilentLinkIsGivenUp() async throws {
    // A coordinator that pings too rarely for its member's patience.
    try await withLink { fixture in
      var settings = LinkSettings.quick
      settings.ping = .seconds(60)
      settings.silence = .milliseconds(300)
      let client = try fixture.client(settings: settings)
      try await running(client) { handler in
        #expect(await eventually { handler.has("up") && handler.has("down") })
      }
    }
  }

  @Test func withoutALinkNothingCanBeAsked() async throws {
    try await withLink { fixture in
      let client = try fixture.client()
      #expect(
        await linkError { () throws(LinkError) in _ = try await client.request("x", [], timeout: .seconds(1))
        } == .notConnected)
      #expect(
        await linkError { () throws(LinkError) in
          _ = try await fixture.server.request("x", [], to: Consortium.acme, timeout: .seconds(1))
        } == .notConnected)
      #expect(await !client.waitUntilUp(timeout: .milliseconds(50)))
    }
  }

  @Test func messagesThatAreTooLargeAreNotSent() async throws {
    try await withLink { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        let payload = [UInt8](repeating: 0, count: LinkProtocol.messageLimit)
        #expect(
          await linkError { () throws(LinkError) in
            _ = try await client.request("x", payload, timeout: .seconds(30))
          } == .tooLarge)
        let answer = try await client.request("x", [1], timeout: .seconds(30))
        #expect(answer == [1])
      }
    }
  }

  @Test func oneLiveLinkPerAccount() async throws {
    try await withLink { fixture in
      let first = try fixture.client()
      try await running(first) { _ in
        #expect(await first.waitUntilUp(timeout: .seconds(30)))
        let second = try fixture.client()
        try await running(second) { handler in
          #expect(await eventually { handler.has("account 111111111111 is already connected") })
          #expect(!second.isUp && first.isUp)
          // Another account is not concerned.
          let partner = try fixture.client("partner")
          try await running(partner) { _ in #expect(await partner.waitUntilUp(timeout: .seconds(30))) }
        }
      }
      let third = try fixture.client()
      try await running(third) { _ in #expect(await third.waitUntilUp(timeout: .seconds(30))) }
    }
  }

  @Test func aRenewedCertificateIsTheSameMember() async throws {
    try await withLink { fixture in
      let renewed = fixture.client(try fixture.identity(.member(Consortium.acme)))
      try await running(renewed) { _ in
        #expect(await renewed.waitUntilUp(timeout: .seconds(30)))
        #expect(await eventually { fixture.server.isConnected(Consortium.acme) })
      }
    }
  }

  @Test func aMemberReconnects() async throws {
    let consortium = try Consortium(at: Date())
    @Sendable func server(_ port: Int) throws -> LinkServer {
      LinkServer(
        host: "127.0.0.1", port: port, identity: try consortium.identity("coordinator", at: Date()),
        handler: ServerHandler(),
        logger: quietLogger(), settings: .quick, clock: wallClock)
    }
    let first = try server(0)
    let port = try await first.start()
    let client = LinkClient(
      host: "127.0.0.1", port: port, identity: try consortium.identity("acme", at: Date()),
      logger: quietLogger(),
      settings: .quick, clock: wallClock)
    try await running(client) { handler in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await first.run() }
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        first.stop()
      }
      #expect(await eventually { !client.isUp })
      #expect(await eventually { handler.has("cannot be reached") })
      let second = try server(port)
      _ = try await second.start()
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await second.run() }
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        #expect(
          await linkError { () throws(LinkError) in
            _ = try await client.request("x", [1], timeout: .seconds(30))
          } == nil)
        second.stop()
      }
    }
  }
}
