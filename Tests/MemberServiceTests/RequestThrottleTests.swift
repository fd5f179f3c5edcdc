import CleanRoomAPI
import CleanRoomModel
import CleanRoomTransport
import Testing

@testable import MemberService

@Suite struct RequestThrottleTests {
  private func refusal(_ body: () throws -> Void) -> APIError? {
    do {
      try body()
      return nil
    } catch {
      return error as? APIError
    }
  }

  @Test func aKeyHasItsShareAndNoMore() {
    let rate = RequestRate(requestsPerSecond: 10)
    let start = ContinuousClock.now
    func admitted(_ key: String, _ count: Int, after time: Duration) -> Int {
      (0..<count).filter { _ in refusal { try rate.admit(key, at: start + time) } == nil }.count
    }
    #expect(admitted("a", 15, after: .zero) == 10)
    #expect(admitted("b", 5, after: .zero) == 5)
    #expect(admitted("a", 5, after: .milliseconds(300)) == 3)
    // What is not used does not pile up.
    #expect(admitted("a", 50, after: .seconds(60)) == 10)
  }

  @Test func aRequestTooManyIsAnsweredAsByAWS() throws {
    let rate = RequestRate(requestsPerSecond: 1)
    let now = ContinuousClock.now
    try rate.admit("a", at: now)
    let error = try #require(refusal { try rate.admit("a", at: now) })
    #expect((error.type, error.status) == ("ThrottlingException", 429))
    #expect(error.message.contains("1 requests a second"))
  }

  @Test func placesForForwardedRequestsAreGivenBack() throws {
    let limit = ForwardingLimit()
    for _ in 0..<ForwardingLimit.places { try limit.enter() }
    #expect(refusal { try limit.enter() }?.status == 429)
    limit.leave()
    #expect(refusal { try limit.enter() } == nil)
    #expect(refusal { try limit.enter() }?.type == "ThrottlingException")
  }

  /// The link's own limit is never reached, so that a member's clients cannot cut it off from its coordinator.
  @Test func theLinkTakesMoreThanMayWait() { #expect(ForwardingLimit.places < LinkSettings().concurrentRequests) }
}
