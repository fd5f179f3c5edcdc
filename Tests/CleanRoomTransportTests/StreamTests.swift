import CleanRoomModel
import CleanRoomWire
import Foundation
import Testing

@testable import CleanRoomTransport

@Suite(.serialized) struct StreamTests {
  /// Collects what the coordinator's end of a stream received, and how it ended.
  final class Sink: Sendable {
    let frames = Shared<[[UInt8]]>([])
    let ending = Shared<String?>(nil)

    func drain(_ stream: LinkStream, pause: Duration = .zero) async {
      do {
        while let frame = try await stream.receive() {
          frames.change { $0.append(frame) }
          if pause > .zero { try? await Task.sleep(for: pause) }
        }
        ending.set("end")
      } catch {
        ending.set("\(error)")
      }
    }

    func ended(_ how: String) async -> Bool { await eventually { self.ending.value?.contains(how) ?? false } }
  }

  private func withStream(
    _ serve: @escaping ServerHandler.Serve, kind: String = "release",
    _ body: @escaping @Sendable (LinkStream, LinkFixture) async throws -> Void
  ) async throws {
    try await withLink(ServerHandler(serve: serve)) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        try await body(
          try await client.openStream(kind: kind, query: "q", header: [7], timeout: .seconds(30)), fixture)
      }
    }
  }

  @Test func framesArriveInOrderAndEnd() async throws {
    let sink = Sink()
    let opened = Shared("")
    try await withStream({ stream, kind, query, header, account in
      opened.set("\(kind) \(query) \(header) \(account)")
      await sink.drain(stream)
    }) { stream, fixture in
      for number in UInt8(0)..<50 { try await stream.send([number]) }
      try await stream.send([])
      try await stream.finish()
      #expect(sink.frames.value == (UInt8(0)..<50).map { [$0] } + [[]], "finish returns when all is taken")
      #expect(await sink.ended("end"))
      #expect(await eventually { fixture.handler.events.withLock { $0.contains("served release") } })
    }
    #expect(opened.value == "release q [7] 111111111111")
  }

  @Test func theCoordinatorSendsToo() async throws {
    let finished = Shared(false)
    try await withStream(
      { stream, _, _, _, _ in
        do {
          for number in UInt8(0)..<20 { try await stream.send([number]) }
          try await stream.finish()
          finished.set(true)
        } catch {}
      }, kind: "collect"
    ) { stream, _ in
      var seen: [UInt8] = []
      while let frame = try await stream.receive() { seen += frame }
      #expect(seen == Array(0..<20))
      #expect(try await stream.receive() == nil, "asking again is harmless")
      #expect(await eventually { finished.value })
    }
  }

  @Test func bothDirectionsEndByThemselves() async throws {
    let sink = Sink()
    let finished = Shared(false)
    try await withStream({ stream, _, _, _, _ in
      do {
        try await stream.send([1])
        try await stream.finish()
        finished.set(true)
        await sink.drain(stream)
      } catch {}
    }) { stream, _ in
      // The peer has ended its direction before this one has begun.
      #expect(try await stream.receive() == [1])
      #expect(try await stream.receive() == nil)
      #expect(await eventually { finished.value })
      try await stream.send([2])
      try await stream.finish()
      #expect(sink.frames.value == [[2]])
    }
  }

  @Test func bothDirectionsMayEndAtOnce() async throws {
    let sink = Sink()
    try await withStream({ stream, _, _, _, _ in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await stream.finish() }
        group.addTask { await sink.drain(stream, pause: .milliseconds(50)) }
      }
    }) { stream, _ in
      async let drained = stream.receive()
      for number in UInt8(0)..<4 { try await stream.send([number]) }
      try await stream.finish()
      #expect(sink.frames.value.count == 4, "the other side's end mark is not an acknowledgement")
      #expect(try await drained == nil)
    }
  }

  /// A receiver that does not read stops the sender after the frames it has credit for.
  @Test func memoryIsBoundedByCredit() async throws {
    let sent = Shared(0)
    let gate = Shared(false)
    let sink = Sink()
    try await withStream({ stream, _, _, _, _ in
      while !gate.value { try? await Task.sleep(for: .milliseconds(10)) }
      await sink.drain(stream)
    }) { stream, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for _ in 0..<32 {
            try await stream.send([UInt8](repeating: 1, count: 1 << 20))
            sent.change { $0 += 1 }
          }
          try await stream.finish()
        }
        #expect(await eventually { sent.value == LinkProtocol.credit })
        try await Task.sleep(for: .milliseconds(300))
        #expect(sent.value == LinkProtocol.credit)
        gate.set(true)
        try await group.waitForAll()
      }
      #expect(sink.frames.value.count == 32)
    }
  }

  @Test func aStreamWithoutItsEndWasCut() async throws {
    let sink = Sink()
    try await withLink(ServerHandler(serve: { stream, _, _, _, _ in await sink.drain(stream) })) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        let stream = try await client.openStream(
          kind: "release", query: "q", header: [], timeout: .seconds(30))
        try await stream.send([1])
        #expect(await eventually { sink.frames.value.count == 1 })
      }
      #expect(await sink.ended("cut"), "what came before does not make it whole")
    }
  }

  @Test func anAbortGivesItsReason() async throws {
    let sink = Sink()
    try await withStream({ stream, _, _, _, _ in
      try? await Task.sleep(for: .milliseconds(100))
      await sink.drain(stream)
    }) { stream, _ in
      for _ in 0..<LinkProtocol.credit { try await stream.send([UInt8](repeating: 1, count: 1 << 20)) }
      await stream.abort("the owner changed its mind")
      #expect(await sink.ended("failed(\"the owner changed its mind\")"))
      #expect(await linkError { () throws(LinkError) in try await stream.send([1]) } != nil)
    }
  }

  @Test func theReceiverMayAbort() async throws {
    try await withStream({ stream, _, _, _, _ in
      _ = try? await stream.receive()
      await stream.abort("enough")
    }) { stream, _ in
      let error = await linkError { () throws(LinkError) in
        for _ in 0..<1000 { try await stream.send([1]) }
        try await stream.finish()
      }
      #expect(error == .failed("enough"))
    }
  }

  @Test func finishingToAReceiverThatHasGoneFails() async throws {
    try await withStream({ _, _, _, _, _ in }) { stream, _ in
      let error = await linkError { () throws(LinkError) in try await stream.finish() }
      #expect(error != nil)
    }
  }

  @Test func framesThatAreTooLargeAreNotSent() async throws {
    try await withStream({ stream, _, _, _, _ in await Sink().drain(stream) }) { stream, _ in
      let error = await linkError { () throws(LinkError) in
        try await stream.send([UInt8](repeating: 0, count: LinkProtocol.frameLimit))
      }
      #expect(error == .tooLarge)
      try await stream.finish()
    }
  }

  @Test func aStreamNeedsARunningLink() async throws {
    try await withLink { fixture in
      let client = try fixture.client()
      let error = await linkError { () throws(LinkError) in
        _ = try await client.openStream(kind: "release", query: "q", header: [], timeout: .milliseconds(100))
      }
      #expect(error == .timedOut)
    }
  }

  @Test func manyStreamsSideBySide() async throws {
    let total = Shared(0)
    try await withLink(
      ServerHandler(serve: { stream, _, _, _, _ in
        let sink = Sink()
        await sink.drain(stream)
        total.change { $0 += sink.frames.value.count }
      })
    ) { fixture in
      let client = try fixture.client()
      try await running(client) { _ in
        #expect(await client.waitUntilUp(timeout: .seconds(30)))
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<8 {
            group.addTask {
              let stream = try await client.openStream(
                kind: "release", query: "q", header: [], timeout: .seconds(30))
              for _ in 0..<20 { try await stream.send([1, 2, 3]) }
              try await stream.finish()
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(await eventually { total.value == 160 })
    }
  }
}
