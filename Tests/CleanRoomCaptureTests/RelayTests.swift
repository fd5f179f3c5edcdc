import Foundation
import Testing

@testable import CleanRoomCapture

@Suite struct RelayTests {
  @Test func passesOnAndRecordsEveryByte() async throws {
    try await withEcho { echo in
      let folder = try ScratchFolder()
      let relay = try await LinkRelay.start(
        party: "acme", to: ("127.0.0.1", echo.port), recordingInto: CaptureFolder(path: folder.path))
      let message = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let answer = try await blocking { try Wire(port: relay.port).exchange(message) }
      #expect(answer == message)
      await relay.close()
      let capture = CaptureFolder(path: folder.path)
      for sent in [true, false] {
        let path = capture.connection(party: "acme", number: 1, sent: sent)
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == message)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      }
      let end = try Data(contentsOf: URL(fileURLWithPath: capture.end(party: "acme", number: 1)))
      let size = try JSONDecoder().decode(ConnectionSize.self, from: end)
      #expect(size == ConnectionSize(sent: message.count, received: message.count))
    }
  }

  @Test func whatCannotBeRecordedDoesNotTravel() async throws {
    try await withEcho { echo in
      let folder = try ScratchFolder()
      let capture = CaptureFolder(path: folder.path)
      try capture.prepare(party: "acme")
      try Data().write(to: URL(fileURLWithPath: capture.connection(party: "acme", number: 1, sent: false)))
      let relay = try await LinkRelay.start(
        party: "acme", to: ("127.0.0.1", echo.port), recordingInto: CaptureFolder(path: folder.path))
      let answer = try? await blocking { try Wire(port: relay.port).exchange([1, 2, 3]) }
      #expect(answer ?? [] == [])
      #expect(echo.bytes == 0)
      await relay.close()
    }
  }

  @Test func cutClosesAndRefusesUntilMended() async throws {
    try await withEcho { echo in
      let relay = try await LinkRelay.start(party: "acme", to: ("127.0.0.1", echo.port))
      let wire = try await blocking { try Wire(port: relay.port) }
      #expect(try await blocking { try wire.ask([7]) } == [7])
      #expect(await relay.openConnections == 1)
      await relay.cut()
      #expect(try await blocking { try wire.isClosedByPeer() })
      let refused = try? await blocking { try Wire(port: relay.port).ask([1]) }
      #expect(refused == nil || refused == [])
      await relay.mend()
      #expect(try await blocking { try Wire(port: relay.port).ask([9]) } == [9])
      await relay.close()
      #expect((try? await blocking { try Wire(port: relay.port) }) == nil)
    }
  }

  @Test func slowsDownAndHurriesAgain() async throws {
    try await withEcho { echo in
      let relay = try await LinkRelay.start(party: "acme", to: ("127.0.0.1", echo.port))
      let wire = try await blocking { try Wire(port: relay.port) }
      await relay.slow(delay: .milliseconds(150))
      let delayed = try await ContinuousClock().measure { _ = try await blocking { try wire.ask([1]) } }
      #expect(delayed >= .milliseconds(300))
      await relay.slow(bytesPerSecond: 100_000)
      let bytes = [UInt8](repeating: 5, count: 50_000)
      let paced = try await ContinuousClock().measure { _ = try await blocking { try wire.ask(bytes) } }
      #expect(paced >= .milliseconds(400))
      await relay.hurry()
      #expect(try await blocking { try wire.ask(bytes) } == bytes)
      await relay.close()
    }
  }

  /// A receiver that reads nothing holds the sender up; the relay keeps little.
  @Test func memoryIsBounded() async throws {
    try await withDeaf { port in
      let relay = try await LinkRelay.start(party: "acme", to: ("127.0.0.1", port))
      let sent = try await blocking { try Wire(port: relay.port).sendUntilHeldUp(limit: 200 << 20) }
      #expect(sent < 40 << 20)
      await relay.close()
    }
  }

  @Test func theSendersEndIsPassedOn() async throws {
    try await withEcho { echo in
      let relay = try await LinkRelay.start(party: "acme", to: ("127.0.0.1", echo.port))
      // `exchange` ends its own direction first and then reads to the end.
      #expect(try await blocking { try Wire(port: relay.port).exchange([1, 2]) } == [1, 2])
      for _ in 0..<200 where await relay.openConnections > 0 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(await relay.openConnections == 0)
      await relay.close()
    }
  }
}
