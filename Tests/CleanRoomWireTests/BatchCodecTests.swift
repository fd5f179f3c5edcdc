import CleanRoomModel
import Testing

@testable import CleanRoomWire

@Suite struct BatchCodecTests {
  /// A column of every type, NULL in row 1.
  static let columns: [(ColumnContent, ColumnVector.Storage)] = [
    (.token, .int128([.max, 0, .min])), (.value(.boolean), .int8([1, 0, 0])),
    (.value(.tinyint), .int8([-128, 0, 127])),
    (.value(.smallint), .int16([.min, 0, .max])), (.value(.integer), .int32([.min, 0, .max])),
    (.value(.bigint), .int64([.min, 0, .max])),
    (.value(.decimal(precision: 4, scale: 2)), .int16([-9999, 0, 9999])),
    (.value(.decimal(precision: 9, scale: 2)), .int32([-999_999_999, 0, 1])),
    (.value(.decimal(precision: 18, scale: 2)), .int64([-999_999_999_999_999_999, 0, 1])),
    (.value(.decimal(precision: 38, scale: 0)), .int128([-1, 0, 1 << 100])),
    (.value(.real), .float([-1.5, 0, .infinity])),
    (.value(.double), .double([-1e300, 0, 0.1])), (.value(.date), .int32([-1, 0, 20_000])),
    (.value(.timestamp), .int64([-1, 0, 1])),
    (.value(.string), .bytes(offsets: [0, 3, 3, 5], data: Array("aéäx".utf8.prefix(5)))),
    (.value(.binary), .bytes(offsets: [0, 2, 2, 3], data: [0xFF, 0x80, 0])),
  ]

  static let contents = columns.map(\.0)

  static func batch(nulls: Bool) -> ColumnBatch {
    ColumnBatch(
      rowCount: 3, columns: columns.map { ColumnVector(validity: nulls ? [0b101] : nil, storage: $1) })
  }

  @Test(arguments: [true, false]) func everyTypeComesBack(nulls: Bool) throws {
    let batch = Self.batch(nulls: nulls)
    let bytes = BatchCodec.encode(batch, columns: Self.contents, sequence: 7)
    let decoded = try BatchCodec.decode(bytes, expecting: Self.contents)
    #expect(decoded.batch == batch && decoded.sequence == 7)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 128, 1000]) func everyLengthComesBack(rows: Int) throws {
    var validity = [UInt64](repeating: 0, count: (rows + 63) / 64)
    for row in 0..<rows where row % 3 != 0 { validity[row / 64] |= 1 << UInt64(row % 64) }
    let values = (0..<rows).map { $0 % 3 == 0 ? 0 : Int32($0) }
    let batch = ColumnBatch(
      rowCount: rows, columns: [ColumnVector(validity: validity, storage: .int32(values))])
    let bytes = BatchCodec.encode(batch, columns: [.value(.integer)], sequence: 0)
    #expect(try BatchCodec.decode(bytes, expecting: [.value(.integer)]).batch == batch)
  }

  /// The format, field by field.
  @Test func golden() throws {
    let bytes: [UInt8] = [
      0x43, 0x52, 0x42, 0x31,  // "CRB1"
      0x02, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // sequence 258
      0x02, 0x00, 0x00, 0x00,  // 2 rows
      0x02, 0x00, 0x00, 0x00,  // 2 columns
      // Column 0, string: physical type 8, has validity, zero; 3 bytes of data
      0x08, 0x01, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00,
      0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // row 0 valid, row 1 NULL
      0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00,  // offsets 0, 3, 3
      0x61, 0xC3, 0xA9,  // "aé"
      // Column 1, smallint: physical type 2, no validity, zero; 4 bytes of data
      0x02, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00,
      0xFF, 0xFF, 0x00, 0x01,  // -1, 256
    ]
    let batch = ColumnBatch(
      rowCount: 2,
      columns: [
        ColumnVector(validity: [1], storage: .bytes(offsets: [0, 3, 3], data: Array("aé".utf8))),
        ColumnVector(storage: .int16([-1, 256])),
      ])
    let contents: [ColumnContent] = [.value(.string), .value(.smallint)]
    #expect(BatchCodec.encode(batch, columns: contents, sequence: 258) == bytes)
    #expect(try BatchCodec.decode(bytes, expecting: contents).batch == batch)
  }
}
