import CleanRoomModel

/// The bytes that stand for a key value, the same at every member: one byte for the family, then the value.
enum CanonicalForm {
  private enum Family {
    static let text: UInt8 = 1
    static let digest: UInt8 = 2
    static let integer: UInt8 = 3
    static let date: UInt8 = 4
  }

  /// - Returns: the messages of a column, packed; NULL rows have an empty one.
  static func messages(_ column: ColumnVector, type: ColumnType, form: KeyForm?) throws -> ([UInt32], [UInt8]) {
    switch (column.storage, type) {
    case (.bytes(let offsets, let data), .string):
      switch form ?? .none {
      case .none: texts(offsets, data)
      case .sha256Hex: digests(offsets, data)
      case let form: normalized(offsets, data, form)
      }
    case (.int8(let values), .tinyint): integers(values, Family.integer)
    case (.int16(let values), .smallint): integers(values, Family.integer)
    case (.int32(let values), .integer): integers(values, Family.integer)
    case (.int32(let values), .date): integers(values, Family.date)
    case (.int64(let values), .bigint): integers(values, Family.integer)
    default: throw MatchingError.typeHasNoToken(type)
    }
  }

  private static func texts(_ offsets: [UInt32], _ data: [UInt8]) -> ([UInt32], [UInt8]) {
    build(offsets, capacity: data.count) { row, output in
      output.append(Family.text)
      output += data[Int(offsets[row])..<Int(offsets[row + 1])]
    }
  }

  private static func normalized(_ offsets: [UInt32], _ data: [UInt8], _ form: KeyForm) -> ([UInt32], [UInt8]) {
    build(offsets, capacity: data.count) { row, output in
      output.append(Family.text)
      let text = String(decoding: data[Int(offsets[row])..<Int(offsets[row + 1])], as: UTF8.self)
      output += KeyNormalizer.normalize(text, as: form).utf8
    }
  }

  /// 64 hexadecimal digits count as the 32 bytes they spell; anything else is text and matches no digest.
  private static func digests(_ offsets: [UInt32], _ data: [UInt8]) -> ([UInt32], [UInt8]) {
    data.withUnsafeBufferPointer { data in
      build(offsets, capacity: data.count) { row, output in
        let (start, end) = (Int(offsets[row]), Int(offsets[row + 1]))
        let mark = output.count
        output.append(Family.digest)
        if end - start == 64 {
          var position = start
          while position < end {
            let (high, low) = (hexValues[Int(data[position])], hexValues[Int(data[position + 1])])
            guard high | low < 16 else { break }
            output.append(high << 4 | low)
            position += 2
          }
          if position == end { return }
        }
        output.removeSubrange(mark...)
        output.append(Family.text)
        output += data[start..<end]
      }
    }
  }

  /// 255 for what is no hexadecimal digit.
  private static let hexValues: [UInt8] = (0...255).map { byte in
    switch UInt8(byte) {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt8(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt8(byte) - 55
    default: 255
    }
  }

  private static func integers<Value: FixedWidthInteger>(_ values: [Value], _ family: UInt8) -> ([UInt32], [UInt8]) {
    var output: [UInt8] = []
    output.reserveCapacity(values.count * 9)
    for value in values {
      output.append(family)
      withUnsafeBytes(of: Int64(value).bigEndian) { output.append(contentsOf: $0) }
    }
    return ((0...values.count).map { UInt32($0 * 9) }, output)
  }

  private static func build(
    _ offsets: [UInt32], capacity: Int, _ append: (Int, inout [UInt8]) -> Void
  ) -> ([UInt32], [UInt8]) {
    let rows = max(offsets.count - 1, 0)
    var output: [UInt8] = []
    output.reserveCapacity(capacity + rows)
    var ends: [UInt32] = [0]
    ends.reserveCapacity(rows + 1)
    for row in 0..<rows {
      append(row, &output)
      ends.append(UInt32(output.count))
    }
    return (ends, output)
  }
}
