import CleanRoomModel
import CleanRoomWire
import Foundation
import Testing

@testable import CleanRoomTransport

/// What `cleanroom doctor` learns over a link.
@Suite(.serialized) struct CoordinatorInquiryTests {
  private func findings(serve: @escaping ServerHandler.Serve) async throws -> [Finding] {
    let found = Shared<[Finding]>([])
    try await withLink(ServerHandler(serve: serve)) { fixture in
      found.set(await (try fixture.client()).checkCoordinator())
    }
    return found.value
  }

  private static func telling(_ offset: Int64) -> ServerHandler.Serve {
    { stream, kind, _, _, _ in
      let time = Timestamp(milliseconds: wallClock().milliseconds + offset)
      guard kind == StreamKind.clock, let reading = try? WireJSON.encode(ClockReading(time: time)) else { return }
      try? await stream.send(reading)
      try? await stream.finish()
    }
  }

  @Test func clocksThatAgree() async throws {
    let found = try await findings(serve: Self.telling(0))
    #expect(found.map(\.subject) == ["coordinator", "clocks"] && found.allSatisfy { $0.status == .ok })
  }

  @Test(
    arguments: [(600_000, .fail, "behind"), (-600_000, .fail, "ahead of"), (60_000, .warn, "behind")]
      as [(Int64, Finding.Status, String)])
  func clocksThatDiffer(offset: Int64, status: Finding.Status, direction: String) async throws {
    let clocks = try #require(try await findings(serve: Self.telling(offset)).last)
    #expect(clocks.status == status && clocks.text.contains("\(direction) the coordinator's"), "\(clocks.text)")
    #expect(clocks.text.contains("Set the wrong one"))
  }

  @Test func aCoordinatorThatDoesNotTellItsTime() async throws {
    let found = try await findings { stream, _, _, _, _ in await stream.abort("no query waits") }
    #expect(found.map(\.status) == [.ok, .warn])
  }

  @Test func aCoordinatorThatTellsNonsense() async throws {
    let found = try await findings { stream, _, _, _, _ in
      try? await stream.send([1, 2, 3])
      try? await stream.finish()
    }
    #expect(found.map(\.status) == [.ok, .warn])
  }

  /// Seconds that the answer took are no skew.
  @Test(
    arguments: [(-1_000, true), (4_000, true), (9_000, true), (20_000, false), (-15_000, false)] as [(Int64, Bool)])
  func onlyWhatLiesOutsideTheQuestionCounts(offset: Int64, agrees: Bool) {
    let asked: Int64 = 1_763_985_600_000
    let finding = LinkClient.compare(
      Timestamp(milliseconds: asked + offset), askedAt: Timestamp(milliseconds: asked),
      answeredAt: Timestamp(milliseconds: asked + 8_000))
    #expect((finding.status == .ok) == agrees, "\(finding.text)")
  }
}
