import CleanRoomModel

/// Walks over a batch's bytes; nothing is read or allocated before its length has been checked.
struct BatchReader {
  private let source: [UInt8]
  private var offset = 0

  init(_ source: [UInt8]) { self.source = source }

  var isAtEnd: Bool { offset == source.count }

  mutating func bytes(_ count: Int) throws(BatchError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= source.count - offset else { throw .truncated }
    defer { offset += count }
    return source[offset..<offset + count]
  }

  mutating func integer<Value: FixedWidthInteger>() throws(BatchError) -> Value {
    let slice = try bytes(MemoryLayout<Value>.size)
    return slice.reversed().reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
  }

  mutating func values<Value>(_ count: Int, _ type: Value.Type) throws(BatchError) -> [Value] {
    let slice = try bytes(count * MemoryLayout<Value>.stride)
    return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyBytes(from: slice)
      initialized = count
    }
  }

  mutating func column(_ index: Int, _ content: ColumnContent, rows: Int) throws(BatchError) -> ColumnVector {
    let header = Array(try bytes(4))
    let physical = content.physical
    guard header[0] == physical.rawValue, header[1] <= 1, header[2] == 0, header[3] == 0 else {
      throw .malformedColumn(index)
    }
    let size = Int(try integer() as UInt32)
    let validity = header[1] == 1 ? try self.validity(rows, index) : nil
    let storage = try self.storage(physical, content, rows: rows, size: size, index)
    guard Self.fits(storage, content) else { throw .malformedColumn(index) }
    return ColumnVector(validity: validity, storage: storage)
  }

  private mutating func validity(_ rows: Int, _ index: Int) throws(BatchError) -> [UInt64] {
    let words = try values((rows + 63) >> 6, UInt64.self)
    if rows & 63 != 0, let last = words.last, last >> UInt64(rows & 63) != 0 { throw .malformedColumn(index) }
    return words
  }

  private mutating func storage(
    _ physical: PhysicalType, _ content: ColumnContent, rows: Int, size: Int, _ index: Int
  ) throws(BatchError) -> ColumnVector.Storage {
    if physical == .bytes { return try strings(content, rows: rows, size: size, index) }
    let width: Int =
      switch physical {
      case .int8: 1
      case .int16: 2
      case .int32, .float: 4
      case .int64, .double: 8
      case .int128: 16
      case .bytes: 0
      }
    guard size == rows * width else { throw .malformedColumn(index) }
    return switch physical {
    case .int8: .int8(try values(rows, Int8.self))
    case .int16: .int16(try values(rows, Int16.self))
    case .int32: .int32(try values(rows, Int32.self))
    case .int64: .int64(try values(rows, Int64.self))
    case .int128: .int128(try values(rows, Int128.self))
    case .float: .float(try values(rows, Float.self))
    case .double, .bytes: .double(try values(rows, Double.self))
    }
  }

  private mutating func strings(_ content: ColumnContent, rows: Int, size: Int, _ index: Int) throws(BatchError)
    -> ColumnVector.Storage
  {
    let offsets = try values(rows + 1, UInt32.self)
    guard offsets[0] == 0, Int(offsets[rows]) == size else { throw .malformedColumn(index) }
    for row in 0..<rows where offsets[row] > offsets[row + 1] { throw .malformedColumn(index) }
    let data = Array(try bytes(size))
    if content != .value(.binary) {
      guard Self.isText(data, offsets) else { throw .malformedColumn(index) }
    }
    return .bytes(offsets: offsets, data: data)
  }

  /// Whether the values are ones that the type has: engines take for granted that they are.
  private static func fits(_ storage: ColumnVector.Storage, _ content: ColumnContent) -> Bool {
    guard case .value(let type) = content else { return true }
    switch (storage, type) {
    case (.int8(let values), .boolean): return values.allSatisfy { $0 == 0 || $0 == 1 }
    case (.int16(let values), .decimal(let precision, _)): return areBelow(precision, values)
    case (.int32(let values), .decimal(let precision, _)): return areBelow(precision, values)
    case (.int64(let values), .decimal(let precision, _)): return areBelow(precision, values)
    case (.int128(let values), .decimal(let precision, _)): return areBelow(precision, values)
    default: return true
    }
  }

  private static func areBelow<Value: FixedWidthInteger>(_ precision: Int, _ values: [Value]) -> Bool {
    let bound = (0..<precision).reduce(Int128(1)) { power, _ in power * 10 }
    return values.allSatisfy { Int128($0) < bound && Int128($0) > -bound }
  }

  /// Valid UTF-8 as a whole, and no string begins inside a character.
  private static func isText(_ data: [UInt8], _ offsets: [UInt32]) -> Bool {
    guard (try? UTF8Span(validating: data.span)) != nil else { return false }
    for offset in offsets where Int(offset) < data.count && data[Int(offset)] & 0xC0 == 0x80 { return false }
    return true
  }
}
