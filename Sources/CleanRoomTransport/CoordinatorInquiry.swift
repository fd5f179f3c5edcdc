import CleanRoomModel
import CleanRoomWire

extension LinkClient {
  /// Queries whose signer's clock is further off are refused by the coordinator and by owners.
  private static let longestSkew: Int64 = 5 * 60_000
  /// A clock that is kept by a time service is closer than this, in milliseconds.
  private static let usualSkew: Int64 = 10_000

  /// Connects to the coordinator beside a link that may be up, sees whether it takes this member's certificate, and
  /// compares the clocks.
  public func checkCoordinator() async -> [Finding] {
    let place = "\(host):\(port)"
    let accepted = Finding.ok("coordinator", "\(place) answers and accepts the certificate")
    let asked = clock()
    do {
      let frames = try await inquire(kind: StreamKind.clock, about: "", timeout: .seconds(10))
      guard let reading = try? WireJSON.decode(ClockReading.self, from: frames.first ?? []) else {
        return [accepted, .warn("clocks", "\(place) does not tell its time. Compare the clocks by hand.")]
      }
      return [accepted, Self.compare(reading.time, askedAt: asked, answeredAt: clock())]
    } catch LinkError.failed {
      return [accepted, .warn("clocks", "\(place) runs a version that does not tell its time. Update it.")]
    } catch LinkError.refused(let reason) {
      return [
        .fail(
          "coordinator",
          "\(place) refuses the connection: \(reason). Compare authority and revocations on both sides.")
      ]
    } catch {
      return [
        .fail(
          "coordinator", "\(place) cannot be reached, or takes no TLS connection. Start it, or correct `coordinator`.")
      ]
    }
  }

  /// The reading was taken at some moment between question and answer, so only what lies outside counts.
  static func compare(_ theirs: Timestamp, askedAt asked: Timestamp, answeredAt answered: Timestamp) -> Finding {
    let ahead = max(asked.milliseconds - theirs.milliseconds, 0)
    let behind = max(theirs.milliseconds - answered.milliseconds, 0)
    let skew = max(ahead, behind)
    guard skew > usualSkew else { return .ok("clocks", "this machine's clock agrees with the coordinator's") }
    let text = "this machine's clock is \(skew / 1000) s \(ahead > 0 ? "ahead of" : "behind") the coordinator's"
    let remedy = "Set the wrong one, and have a time service such as chrony keep it."
    guard skew > longestSkew else { return .warn("clocks", "\(text). \(remedy)") }
    return .fail("clocks", "\(text); queries that are more than 5 minutes off are refused. \(remedy)")
  }
}
