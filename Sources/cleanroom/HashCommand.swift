import ArgumentParser
import CleanRoomMatching
import CleanRoomModel
import CleanRoomScenario
import Foundation

struct HashCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hash",
    abstract: "Canonicalize and hash identifiers (SHA-256, hexadecimal) as member daemons do.",
    discussion: """
      Reads lines from standard input and writes a hash a line; empty lines stay empty. With --column it reads CSV with a \
      header and replaces that column; empty fields stay empty. Lines that cannot be hashed are named by number on \
      standard error, left empty (lines) or left out (CSV), and make the exit code 1.
      """)

  @Option(help: "How identifiers are written alike: email, phone, lowercase, trim or none.")
  var normalize: String

  @Option(help: ArgumentHelp("The column of a CSV to hash.", valueName: "name"))
  var column: String?

  func validate() throws { _ = try form() }

  private func form() throws -> KeyForm {
    guard let form = KeyForm(rawValue: normalize), form != .sha256Hex else {
      throw ValidationError("--normalize should be email, phone, lowercase, trim or none.")
    }
    return form
  }

  func run() throws {
    let form = try form()
    let output = HashOutput()
    if let column {
      try hashColumn(column, form, output)
    } else {
      try hashLines(form, output)
    }
    try output.flush()
    if output.hasBadLines { throw ExitCode.failure }
  }

  private func hashLines(_ form: KeyForm, _ output: HashOutput) throws {
    var line: [UInt8] = []
    var number = 1
    func close() throws {
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      if let hash = Self.hash(line, form) { output.write(hash) } else { output.bad(number, "is not UTF-8") }
      try output.endLine()
      line.removeAll(keepingCapacity: true)
      number += 1
    }
    while let chunk = try Self.chunk() {
      for byte in chunk {
        if byte == UInt8(ascii: "\n") { try close() } else { line.append(byte) }
      }
    }
    if !line.isEmpty { try close() }
  }

  /// - Returns: nothing for nothing; nil for what is no text.
  static func hash(_ bytes: [UInt8], _ form: KeyForm) -> [UInt8]? {
    guard !bytes.isEmpty else { return [] }
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    return Array(KeyNormalizer.sha256Hex(KeyNormalizer.normalize(text, as: form)).utf8)
  }

  private static func chunk() throws -> Data? {
    guard let data = try FileHandle.standardInput.read(upToCount: 1 << 16), !data.isEmpty else { return nil }
    return data
  }

  private func hashColumn(_ column: String, _ form: KeyForm, _ output: HashOutput) throws {
    var reader = CSVRecordReader()
    var table: HashTable?
    func take(_ records: [CSVRecord]) throws {
      for record in records {
        if let table { try table.write(record, form, output) } else { table = try HashTable(record, column, output) }
      }
    }
    while let chunk = try Self.chunk() { try take(reader.read(chunk)) }
    try take(reader.finish())
    if table == nil { throw Failure.report("Standard input has no header line. Give a CSV with a header.") }
  }
}

/// Buffered standard output, and a count of what went wrong.
final class HashOutput {
  private var buffer: [UInt8] = []
  private(set) var hasBadLines = false

  func write(_ bytes: [UInt8]) { buffer += bytes }

  func endLine() throws {
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= 1 << 16 { try flush() }
  }

  func flush() throws {
    try FileHandle.standardOutput.write(contentsOf: Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }

  /// Names the line; its content is nobody's business.
  func bad(_ line: Int, _ problem: String) {
    hasBadLines = true
    FileHandle.standardError.write(Data("cleanroom: line \(line) \(problem).\n".utf8))
  }
}

/// A CSV of which one column is to be hashed.
struct HashTable {
  private let index: Int
  private let width: Int

  /// Finds the column, without regard to case as member daemons do, and copies the header.
  init(_ header: CSVRecord, _ column: String, _ output: HashOutput) throws {
    // A byte order mark is no part of the first name.
    let names = header.fields.map {
      String(decoding: $0.bytes, as: UTF8.self).replacing("\u{FEFF}", with: "").lowercased()
    }
    guard header.problem == nil, let index = names.firstIndex(of: column.lowercased()) else {
      throw Failure.report("The header has no column \(column). It has: \(names.joined(separator: ", ")).")
    }
    (self.index, width) = (index, names.count)
    output.write(header.text)
    try output.endLine()
  }

  func write(_ record: CSVRecord, _ form: KeyForm, _ output: HashOutput) throws {
    if let problem = record.problem { return output.bad(record.line, problem) }
    guard record.fields.count == width else {
      return output.bad(record.line, "has \(record.fields.count) fields instead of \(width)")
    }
    guard let hash = HashCommand.hash(record.fields[index].bytes, form) else {
      return output.bad(record.line, "is not UTF-8")
    }
    var record = record
    record.fields[index] = .init(bytes: hash, isQuoted: false)
    output.write(record.text)
    try output.endLine()
  }
}
