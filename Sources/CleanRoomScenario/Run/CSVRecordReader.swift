import Foundation

/// A record of a CSV (RFC 4180).
public struct CSVRecord: Sendable {
  public struct Field: Sendable {
    public var bytes: [UInt8]
    public var isQuoted: Bool

    public init(bytes: [UInt8], isQuoted: Bool) {
      self.bytes = bytes
      self.isQuoted = isQuoted
    }
  }

  /// Of its first line, counted from 1.
  public var line: Int
  public var fields: [Field] = []
  /// What is wrong with it, to follow "line 7"; nil for a sound one.
  public var problem: String?

  /// Fields that were quoted stay quoted.
  public var text: [UInt8] {
    var output: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      guard field.isQuoted else {
        output += field.bytes
        continue
      }
      output.append(UInt8(ascii: "\""))
      for byte in field.bytes { output += byte == UInt8(ascii: "\"") ? [byte, byte] : [byte] }
      output.append(UInt8(ascii: "\""))
    }
    return output
  }
}

/// Cuts a stream of bytes into records, whatever the pieces it comes in.
public struct CSVRecordReader: Sendable {
  private enum Place { case start, plain, quoted, afterQuote }

  private static let quote = UInt8(ascii: "\"")
  /// Bytes of a record; a quote that is never closed would swallow the rest of the file.
  private static let recordLimit = 16 << 20

  private var place = Place.start
  private var field = CSVRecord.Field(bytes: [], isQuoted: false)
  private var record = CSVRecord(line: 1)
  private var size = 0
  private var line = 1

  public init() {}

  public mutating func read(_ chunk: Data) -> [CSVRecord] {
    var records: [CSVRecord] = []
    for byte in chunk {
      if byte == UInt8(ascii: "\n") { line += 1 }
      if let done = take(byte) { records.append(done) }
    }
    return records
  }

  /// The last record, where the file does not end with a line feed.
  public mutating func finish() -> [CSVRecord] {
    if place == .quoted { record.problem = "begins a quoted field that does not end" }
    guard place != .start || !record.fields.isEmpty else { return [] }
    return [close()]
  }

  private mutating func take(_ byte: UInt8) -> CSVRecord? {
    size += 1
    if size > Self.recordLimit, record.problem == nil { record.problem = "begins a record that is too long" }
    if record.problem != nil, place == .quoted, size > Self.recordLimit { place = .plain }
    switch (place, byte) {
    case (.quoted, Self.quote): place = .afterQuote
    case (.quoted, _): append(byte)
    case (.afterQuote, Self.quote):
      append(byte)
      place = .quoted
    case (_, UInt8(ascii: ",")): closeField()
    case (_, UInt8(ascii: "\n")): return close()
    case (.start, Self.quote): (place, field.isQuoted) = (.quoted, true)
    case (.afterQuote, UInt8(ascii: "\r")): break
    case (.afterQuote, _): record.problem = "has text after a quoted field"
    case (.plain, Self.quote): record.problem = "has a quote inside a field that is not quoted"
    default:
      append(byte)
      place = .plain
    }
    return nil
  }

  private mutating func append(_ byte: UInt8) {
    if record.problem == nil { field.bytes.append(byte) }
  }

  private mutating func closeField() {
    record.fields.append(field)
    field = .init(bytes: [], isQuoted: false)
    place = .start
  }

  private mutating func close() -> CSVRecord {
    if !field.isQuoted, field.bytes.last == UInt8(ascii: "\r") { field.bytes.removeLast() }
    closeField()
    defer {
      record = CSVRecord(line: line)
      size = 0
    }
    return record
  }
}
