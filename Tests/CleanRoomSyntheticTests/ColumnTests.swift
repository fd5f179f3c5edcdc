import Foundation
import Testing

@testable import CleanRoomSynthetic

struct ColumnTests {
  /// Pearson's statistic; the caller bounds it far above what chance gives.
  private func chiSquare(_ seen: [Int], _ weights: [Double]) -> Double {
    let (total, sum) = (Double(seen.reduce(0, +)), weights.reduce(0, +))
    return zip(seen, weights).reduce(0) { statistic, pair in
      let expected = total * pair.1 / sum
      return statistic + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
  }

  @Test func categoriesHaveTheirWeights() throws {
    let weights: [Double] = [50, 30, 15, 4, 1]
    let values = ["a", "b", "c", "d", "e"]
    let cells = try column(.category(zip(values, weights).map { Weighted($0, $1) }), rows: 200_000)
    let seen = values.map { value in cells.count { $0 == value } }
    // 4 degrees of freedom: 23.5 is passed once in 10,000 seeds.
    #expect(chiSquare(seen, weights) < 23.5)
  }

  @Test func daysHaveTheirWeights() throws {
    let range = DayRange(
      from: day("2023-12-15"), to: day("2025-01-14"), months: [12: 3, 2: 0], weekdays: [7: 0.5], trend: 1)
    let cells = try column(.date(range), rows: 200_000)
    let counts = Dictionary(grouping: cells) { $0 }.mapValues(\.count)
    let days = (range.from.number...range.to.number).map { CalendarDay(number: $0) }
    let weights = days.indices.map { index in
      (1 + Double(index) / Double(days.count - 1)) * (days[index].month == 12 ? 3 : 1)
        * (days[index].weekday == 7 ? 0.5 : 1)
    }
    let kept = days.indices.filter { days[$0].month != 2 }
    let seen = kept.map { counts[String(decoding: days[$0].bytes, as: UTF8.self), default: 0] }
    #expect(seen.reduce(0, +) == 200_000)
    // 367 degrees of freedom, deviation 27.
    #expect(chiSquare(seen, kept.map { weights[$0] }) < 367 + 5 * 27)
  }

  @Test func daysOfTheCalendar() {
    #expect(day("1970-01-01").number == 0)
    #expect(day("2000-03-01").number == 11_017)
    #expect(day("2025-12-25").weekday == 4)
    for text in ["2025-02-29", "2025-13-01", "2025-1-01", "0000-01-01", "2025-04-31", "20250-1-1", "+025-01-01"] {
      #expect(CalendarDay(text) == nil)
    }
    for number in stride(from: -700_000, to: 2_900_000, by: 97) {
      #expect(CalendarDay(String(decoding: CalendarDay(number: number).bytes, as: UTF8.self))?.number == number)
    }
  }

  private func moments(_ distribution: Distribution) throws -> (mean: Double, deviation: Double) {
    let values = try column(.amount(AmountRange(distribution, decimals: 4)), rows: 200_000).compactMap { Double($0) }
    #expect(values.count == 200_000)
    let mean = values.reduce(0, +) / 200_000
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000).squareRoot())
  }

  @Test(
    arguments: [
      (Distribution.uniform(from: -10, to: 30), 10, 11.547), (.normal(mean: 50, deviation: 12), 50, 12),
      (.lognormal(median: 40, sigma: 0.5), 45.326, 24.156), (.exponential(mean: 20), 20, 20),
    ] as [(Distribution, Double, Double)])
  func amountsHaveTheMomentsOfTheirDistribution(_ sample: (Distribution, Double, Double)) throws {
    let seen = try moments(sample.0)
    // The standard error of the mean is a 447th of the deviation.
    #expect(abs(seen.mean - sample.1) < sample.2 / 80)
    #expect(abs(seen.deviation - sample.2) < sample.2 / 50)
  }

  @Test func amountsKeepTheirBounds() throws {
    let cells = try column(
      .amount(AmountRange(.normal(mean: 0, deviation: 3), decimals: 1, min: -2, max: 2.05)), rows: 20_000)
    let values = cells.compactMap { Double($0) }
    #expect(values.min() == -2)
    #expect(values.max() == 2)
    #expect(cells.allSatisfy { $0.wholeMatch(of: /-?\d+\.\d/) != nil && $0 != "-0.0" })
    // Drawn again, not put on the bound.
    #expect(cells.count { $0 == "2.0" } < 900)
  }

  @Test func numbers() throws {
    let integers = try column(.integer(-3...4), rows: 80_000)
    let seen = (-3...4).map { value in integers.count { $0 == "\(value)" } }
    #expect(chiSquare(seen, Array(repeating: 1, count: 8)) < 30)
    let booleans = try column(.boolean(0.3), rows: 100_000)
    #expect(abs(booleans.count { $0 == "true" } - 30_000) < 700)
    #expect(booleans.count { $0 == "false" } == 100_000 - booleans.count { $0 == "true" })
    #expect(try column(.sequence(start: 9), rows: 3) == ["9", "10", "11"])
    let times = try column(.timestamp(DayRange(from: day("2024-12-31"), to: day("2024-12-31"))), rows: 5000)
    #expect(times.allSatisfy { $0.wholeMatch(of: /2024-12-31 ([01]\d|2[0-3]):[0-5]\d:[0-5]\d/) != nil })
    #expect(Set(times.map { $0.prefix(13) }).count == 24)
  }

  @Test func shapes() throws {
    func all(_ kind: ColumnKind, _ locale: PeopleLocale, match shape: Regex<Substring>) throws -> Bool {
      try column(kind, rows: 3000, people: 3000, locale: locale).allSatisfy { $0.wholeMatch(of: shape) != nil }
    }
    #expect(try all(.phone(.e164), .enUS, match: /\+1[2-9]9\d[2-9]\d{6}/))
    #expect(try all(.phone(.national), .enUS, match: /\([2-9]9\d\) [2-9]\d\d-\d{4}/))
    #expect(try all(.phone(.e164), .frFR, match: /\+33[67]\d{8}/))
    #expect(try all(.phone(.national), .deDE, match: /015\d \d{8}/))
    #expect(try all(.postcode, .enGB, match: /[A-Z]{2}\d \d[A-Z]{2}/))
    #expect(try all(.postcode, .esES, match: /\d{5}/))
    #expect(try all(.street, .deDE, match: /\D+ \d{1,3}/))
    #expect(try all(.address, .frFR, match: /"\d{1,3} [^",]+, \d{5} [^",]+"/))
    #expect(try all(.id(pattern: "D-{6 hex}/{2 letters}"), .enUS, match: /D-[0-9a-f]{6}\/[A-Z]{2}/))
    for locale in PeopleLocale.allCases {
      #expect(try all(.email, locale, match: /[a-z]+[._]?[a-z]*\d+@[a-z]+\.example/))
      #expect(try all(.fullName, locale, match: /[\p{L}-]+ [\p{L}-]+/))
      let shape = locale.data.phone
      for other in [shape.national] + shape.others {
        #expect(other.filter { "#%~".utf8.contains($0) } == shape.e164.filter { "#%~".utf8.contains($0) })
      }
    }
  }

  @Test func shareOfNulls() throws {
    let made = try generator(
      [
        table(
          "a.t", rows: 100_000,
          [
            ColumnSpecification("n", .integer(1...9), nulls: 0.05),
            ColumnSpecification("m", .integer(1...9), nulls: 0.5),
          ])
      ]
    ).tables[0]
    let (first, second) = (made.cells(0), made.cells(1))
    #expect(abs(first.count { $0 == nil } - 5000) < 350)
    #expect(abs(second.count { $0 == nil } - 50_000) < 800)
    // One column's NULLs say nothing about the other's.
    #expect(abs(zip(first, second).count { $0 == nil && $1 == nil } - 2500) < 250)
  }
}
