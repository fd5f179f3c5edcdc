import Testing

@testable import CleanRoomReport

@Suite struct NumbersTests {
  private func plain(_ text: String) -> String {
    String(text.map { $0 == "\u{202F}" || $0 == "\u{A0}" ? "_" : $0 })
  }

  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1_000"), (1_234_567, "1_234_567"), (-1000, "−1_000"),
    (Int.min, "−9_223_372_036_854_775_808"),
  ])
  func groupsWholeNumbers(_ value: Int, _ text: String) { #expect(plain(Numbers.grouped(value)) == text) }

  @Test(arguments: [
    ("1234567.50", "1_234_567.50"), ("-1234.5", "−1_234.5"), ("12", "12"), ("1e9", "1e9"), ("", ""), ("abc", "abc"),
  ])
  func groupsDecimalsWithoutChangingThem(_ value: String, _ text: String) {
    #expect(plain(Numbers.grouped(decimal: value)) == text)
  }

  @Test(arguments: [
    (0, "0_B"), (999, "999_B"), (1000, "1_kB"), (1234, "1.2_kB"), (99_949, "99.9_kB"), (999_499, "999_kB"),
    (999_600, "1_MB"), (12_345_678, "12.3_MB"), (Int.max, "9223_PB"),
  ])
  func bytes(_ value: Int, _ text: String) { #expect(plain(Numbers.bytes(value)) == text) }

  @Test(arguments: [
    (0.0, "0_ms"), (0.0214, "21_ms"), (0.9996, "1_s"), (3.127, "3.1_s"), (59.96, "1_min"), (61, "1_min_1_s"),
    (3725, "1_h_2_min"), (-1, "0_ms"), (.infinity, "unknown"), (.nan, "unknown"),
  ])
  func durations(_ value: Double, _ text: String) { #expect(plain(Numbers.duration(value)) == text) }

  @Test func decimalsAreShort() {
    #expect(Numbers.decimal(1.25, places: 1) == "1.3")
    #expect(Numbers.decimal(-0.04, places: 1) == "0")
    #expect(Numbers.decimal(-1.5, places: 1) == "-1.5")
    #expect(Numbers.decimal(10, places: 1) == "10")
    #expect(Numbers.decimal(.nan, places: 1) == "0")
  }

  @Test func timesAreCivil() throws {
    let leap = try #require(CivilTime(seconds: 951_782_399))
    #expect(leap.date == "28\u{A0}February 2000" && leap.clock == "23:59\u{A0}UTC")
    #expect(CivilTime(seconds: 951_782_400)?.machine == "2000-02-29T00:00Z")
    #expect(CivilTime(seconds: -1)?.machine == "1969-12-31T23:59Z")
    #expect(CivilTime(seconds: .nan) == nil && CivilTime(seconds: 1e300) == nil)
    for day in stride(from: -700_000, to: 2_900_000, by: 977) {
      let time = try #require(CivilTime(seconds: Double(day) * 86_400))
      #expect(CivilTime.days(year: time.year, month: time.month, day: time.day) == day)
    }
  }
}
