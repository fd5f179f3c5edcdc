import CleanRoomModel
import Testing

@testable import CleanRoomWire

/// Bytes from another organization either are a well-formed batch or an error; they never stop the process.
@Suite struct HostileBatchTests {
  private static let contents = BatchCodecTests.contents
  private static let bytes = BatchCodec.encode(
    BatchCodecTests.batch(nulls: true), columns: contents, sequence: 1)

  private func error(
    _ bytes: [UInt8], _ contents: [ColumnContent] = contents, limits: BatchLimits = .standard
  ) -> BatchError? {
    do {
      let (batch, _) = try BatchCodec.decode(bytes, expecting: contents, limits: limits)
      // What was accepted must be safe to walk over.
      for column in batch.columns {
        #expect(column.count == batch.rowCount)
        for row in 0..<batch.rowCount { _ = column.isValid(row) }
        if case .bytes(let offsets, let data) = column.storage {
          for row in 0..<batch.rowCount {
            #expect(offsets[row] <= offsets[row + 1] && Int(offsets[row + 1]) <= data.count)
          }
        }
      }
      return nil
    } catch {
      return error
    }
  }

  @Test func everyTruncationIsRefused() {
    for length in 0..<Self.bytes.count {
      #expect(error(Array(Self.bytes.prefix(length))) != nil, "\(length) bytes")
    }
    #expect(error(Self.bytes + [0]) == .trailingBytes)
    #expect(error(Self.bytes) == nil)
  }

  @Test func everyMutationDecodesOrThrows() {
    for position in Self.bytes.indices {
      for value in [UInt8(0), 1, 2, 0x7F, 0x80, 0xFF, Self.bytes[position] &+ 1, Self.bytes[position] ^ 0x10] {
        var bytes = Self.bytes
        bytes[position] = value
        _ = error(bytes)
      }
    }
  }

  private func column(
    _ content: ColumnContent, _ storage: ColumnVector.Storage, validity: [UInt64]? = nil, rows: Int = 1
  ) -> BatchError? {
    let batch = ColumnBatch(rowCount: rows, columns: [ColumnVector(validity: validity, storage: storage)])
    return error(BatchCodec.encode(batch, columns: [content], sequence: 0), [content])
  }

  @Test func valuesThatTheTypeDoesNotHave() {
    #expect(column(.value(.boolean), .int8([2])) == .malformedColumn(0))
    #expect(column(.value(.boolean), .int8([-1])) == .malformedColumn(0))
    #expect(column(.value(.decimal(precision: 4, scale: 0)), .int16([10_000])) == .malformedColumn(0))
    #expect(column(.value(.decimal(precision: 9, scale: 9)), .int32([-1_000_000_000])) == .malformedColumn(0))
    #expect(column(.value(.decimal(precision: 10, scale: 0)), .int64([.min])) == .malformedColumn(0))
    #expect(column(.value(.decimal(precision: 38, scale: 0)), .int128([.min])) == .malformedColumn(0))
    #expect(column(.value(.tinyint), .int8([2])) == nil)
    #expect(column(.token, .int128([.min])) == nil)
  }

  @Test func textThatIsNotUTF8() {
    #expect(column(.value(.string), .bytes(offsets: [0, 1], data: [0xFF])) == .malformedColumn(0))
    #expect(
      column(.value(.string), .bytes(offsets: [0, 3], data: [0xED, 0xA0, 0x80])) == .malformedColumn(0))
    // Valid as a whole, but cut inside a character.
    #expect(
      column(.value(.string), .bytes(offsets: [0, 1, 2], data: [0xC3, 0xA9]), rows: 2) == .malformedColumn(0))
    #expect(column(.value(.binary), .bytes(offsets: [0, 1], data: [0xFF])) == nil)
  }

  @Test func offsetsThatDoNotFit() {
    let content = ColumnContent.value(.binary)
    #expect(column(content, .bytes(offsets: [1, 2], data: [0, 0])) == .malformedColumn(0))
    #expect(column(content, .bytes(offsets: [0, 1], data: [0, 0])) == .malformedColumn(0))
    #expect(column(content, .bytes(offsets: [0, 3, 2], data: [0, 0]), rows: 2) == .malformedColumn(0))
    #expect(column(content, .bytes(offsets: [0, .max, 2], data: [0, 0]), rows: 2) == .malformedColumn(0))
  }

  @Test func validityPastTheLastRow() {
    #expect(column(.value(.tinyint), .int8([1]), validity: [0b11]) == .malformedColumn(0))
  }

  @Test func otherColumnsThanExpected() {
    let bytes = BatchCodec.encode(
      ColumnBatch(rowCount: 1, columns: [ColumnVector(storage: .int32([1]))]), columns: [.value(.integer)],
      sequence: 0)
    #expect(error(bytes, []) == .unexpectedColumns)
    #expect(error(bytes, [.value(.integer), .value(.integer)]) == .unexpectedColumns)
    #expect(error(bytes, [.value(.bigint)]) == .malformedColumn(0))
    #expect(error(bytes, [.token]) == .malformedColumn(0))
  }

  @Test func limits() {
    var small = BatchLimits()
    small.rows = 2
    #expect(error(Self.bytes, limits: small) == .tooLarge)
    small.rows = 3
    small.bytes = Self.bytes.count
    #expect(error(Self.bytes, limits: small) == nil)
    small.bytes -= 1
    #expect(error(Self.bytes, limits: small) == .tooLarge)
  }

  /// A header that promises much must not make anybody allocate for it.
  @Test func hugeCountsAreRefusedByTheBytesThatCame() {
    var bytes = Array(Self.bytes.prefix(12))
    bytes += [0xFF, 0xFF, 0x0F, 0x00]  // just below the row limit
    bytes += [0x01, 0x00, 0x00, 0x00, 0x05, 0x01, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(error(bytes, [.token]) == .truncated)
  }
}
