import CleanRoomModel
import Crypto
import Foundation
import Testing

@testable import CleanRoomCapture

/// One value in one encoding, with bytes around it that are none of its.
struct EncodedLeak: Sendable, CustomTestStringConvertible {
  let value: String
  let encoding: String
  let bytes: [UInt8]

  var testDescription: String { "\(encoding) of \(value)" }

  static let email = "Dunja.Weber.46813@Mail4.example"

  static var all: [EncodedLeak] {
    let text = Array(email.utf8)
    let lower = Array(email.lowercased().utf8)
    let digest = Array(SHA256.hash(data: text))
    let canonical = Array(SHA256.hash(data: lower))
    let number = withUnsafeBytes(of: Int64(4_915_112_345_678).littleEndian) { Array($0) }
    return [
      EncodedLeak(value: email, encoding: "UTF-8", bytes: text),
      EncodedLeak(value: email, encoding: "UTF-16", bytes: utf16(email, big: false)),
      EncodedLeak(value: email, encoding: "UTF-16", bytes: utf16(email, big: true)),
      EncodedLeak(value: "Łódź, Żeromskiego", encoding: "UTF-16", bytes: utf16("Łódź, Żeromskiego", big: false)),
      EncodedLeak(value: "Łódź, Żeromskiego", encoding: "UTF-16", bytes: utf16("Łódź, Żeromskiego", big: true)),
      EncodedLeak(value: email, encoding: "hexadecimal of UTF-8", bytes: hex(text)),
      EncodedLeak(value: email, encoding: "hexadecimal of UTF-8", bytes: Array(hex(text).map(upper))),
      EncodedLeak(value: email, encoding: "SHA-256", bytes: digest),
      EncodedLeak(value: email, encoding: "hexadecimal of SHA-256", bytes: hex(digest)),
      EncodedLeak(value: email, encoding: "base64 of SHA-256", bytes: Array(Base64.encode(digest).utf8)),
      EncodedLeak(value: email, encoding: "lower-cased and trimmed", bytes: lower),
      EncodedLeak(value: email, encoding: "SHA-256 of the lower-cased and trimmed value", bytes: canonical),
      EncodedLeak(
        value: email, encoding: "hexadecimal of SHA-256 of the lower-cased and trimmed value", bytes: hex(canonical)),
      EncodedLeak(value: email, encoding: "first 8 bytes", bytes: Array(text.prefix(8))),
      EncodedLeak(value: email, encoding: "first 8 bytes of the SHA-256", bytes: Array(digest.prefix(8))),
      EncodedLeak(value: "+49 151 12345678", encoding: "digits of a number", bytes: Array("4915112345678".utf8)),
      EncodedLeak(value: "+49 151 12345678", encoding: "binary number", bytes: number),
      EncodedLeak(value: "+49 151 12345678", encoding: "binary number", bytes: number.reversed()),
      EncodedLeak(
        value: email, encoding: "base64 of hexadecimal of UTF-8", bytes: Array(Base64.encode(hex(text)).utf8)),
      EncodedLeak(value: "M", encoding: "SHA-256", bytes: Array(SHA256.hash(data: Array("M".utf8)))),
    ]
      + (0..<3).map { alignment in
        EncodedLeak(
          value: email, encoding: "base64 of UTF-8",
          bytes: Array(Base64.encode(Array(repeating: 1, count: alignment) + text + [2]).utf8))
      }
      // Text of the same alphabet directly before it shifts the groups against the run.
      + (1..<4).map { count in
        EncodedLeak(
          value: email, encoding: "base64 of UTF-8",
          bytes: Array(repeating: 65, count: count) + Array(Base64.encode(text).utf8))
      } + [
        EncodedLeak(value: email, encoding: "hexadecimal of UTF-8", bytes: [65] + hex(text)),
        EncodedLeak(
          value: "??>>??>>~~~~ü", encoding: "base64 of UTF-8",
          bytes: Array(
            Base64.encode(Array("??>>??>>~~~~ü".utf8)).replacing("+", with: "-").replacing("/", with: "_").utf8)),
      ]
  }

  private static func upper(_ byte: UInt8) -> UInt8 { byte >= 97 ? byte - 32 : byte }
  private static func hex(_ bytes: [UInt8]) -> [UInt8] { Array(Hex.encode(bytes).utf8) }

  private static func utf16(_ text: String, big: Bool) -> [UInt8] {
    text.utf16.flatMap { unit in
      let bytes = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
      return big ? bytes.reversed() : bytes
    }
  }
}

@Suite struct SearchTests {
  private func table(_ values: [String]) -> PatternTable {
    var patterns: [CanaryPattern] = []
    for value in values {
      CanaryForms.ofText(Array(value.utf8)) { form, bytes in
        if let pattern = CanaryPattern(bytes, column: 0, form: form) { patterns.append(pattern) }
      }
    }
    return PatternTable(patterns)
  }

  private func found(_ table: PatternTable, in bytes: [UInt8], pieces: Int = .max) -> [String: Int] {
    let book = HitBook()
    var search = StreamSearch(table) { book.found[($1 + [table[$0].form.name]).joined(separator: " of ")] = $2 }
    for start in stride(from: 0, to: bytes.count, by: min(pieces, bytes.count)) {
      search.take(bytes[start..<min(start + min(pieces, bytes.count), bytes.count)])
    }
    search.finish()
    return book.found
  }

  private final class HitBook { var found: [String: Int] = [:] }

  private static func noise(_ count: Int, seed: UInt64 = 7) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = Fingerprint.mixed(state &+ 0x9E37_79B9_7F4A_7C15)
      return UInt8(truncatingIfNeeded: state)
    }
  }

  @Test(arguments: EncodedLeak.all) func findsAValueInEveryEncoding(_ leak: EncodedLeak) {
    let table = table([leak.value, "somebody.else@mail.example"])
    for shift in [999, 1000, 1001, 1002] {
      let stream = Self.noise(shift) + [0] + leak.bytes + [0] + Self.noise(500, seed: 8)
      let place = found(table, in: stream)[leak.encoding]
      // UTF-16 is searched for without its outer zeros; decoding may begin some characters before or behind.
      #expect(place.map { (shift - 6...shift + 5).contains($0) } ?? false)
    }
    #expect(found(table, in: Self.noise(5000)).isEmpty)
  }

  /// Across the borders of the pieces in which a stream arrives and is searched.
  @Test func findsAcrossBorders() {
    let table = table([EncodedLeak.email])
    for place in [(1 << 20) - 4, (1 << 20) - 4096 - 3, (1 << 20) - 4100, 2 << 20, (3 << 20) - 10] {
      var stream = [UInt8](repeating: 0, count: 4 << 20)
      stream.replaceSubrange(place..<place + EncodedLeak.email.utf8.count, with: EncodedLeak.email.utf8)
      #expect(found(table, in: stream, pieces: 70_001)["UTF-8"] == place)
    }
  }

  @Test func tellsValuesWithOneBeginningApart() {
    let values = (0..<50_000).map { "customer-number-\($0)" }
    let table = table(values)
    #expect(found(table, in: Array("…customer-number-77777777x".utf8)).keys.sorted() == ["UTF-8", "first 8 bytes"])
    #expect(found(table, in: Array("…customer-numbex".utf8)).keys.sorted() == ["first 8 bytes"])
    #expect(found(table, in: Array("custome ".utf8)).isEmpty)
  }

  @Test func shortCellsAreFoundInRows() {
    var runs = CellRuns()
    let cells = (0..<500).map { ["M", "F", "X", "Oslo", "Bergen"][Int(Self.noise(500)[$0]) % 5] }
    for cell in cells { runs.append(Array(cell.utf8)[...]) }
    var numbers = CellRuns(width: 4)
    let years = Self.noise(400, seed: 3).map { Int32(1920 + Int($0) % 90) }
    for year in years { numbers.append(withUnsafeBytes(of: year.littleEndian) { Array($0) }[...]) }
    var patterns: [CanaryPattern] = []
    for source in [runs, numbers] {
      source.forEach { if let pattern = CanaryPattern($0, column: 0, form: .run) { patterns.append(pattern) } }
    }
    let table = PatternTable(patterns)
    let joined = cells[100..<200].joined()
    #expect(found(table, in: Array(joined.utf8)).keys.contains("cells in a row"))
    #expect(found(table, in: Array(cells[100..<200].joined(separator: "\n").utf8)).keys.contains("cells in a row"))
    let column = years[50..<100].flatMap { year in withUnsafeBytes(of: year.littleEndian) { Array($0) } }
    #expect(found(table, in: column).keys.contains("cells in a row"))
    #expect(found(table, in: Array(cells.shuffled().prefix(5).joined().utf8)).isEmpty)
    #expect(found(table, in: [UInt8](repeating: 0, count: 1000)).isEmpty)
  }

  @Test func rowNumbersAreNotSearchedFor() {
    var numbers = CellRuns(width: 4)
    for number in 0..<1000 { numbers.append(withUnsafeBytes(of: Int32(number).littleEndian) { Array($0) }[...]) }
    var count = 0
    numbers.forEach { _ in count += 1 }
    #expect(count == 0)
  }
}
