import CDuckDB
import CleanRoomModel

/// Copies the engine's vectors into batches: whole buffers at a time, strings in one call per vector.
enum VectorReader {
  static func read(_ vector: cdb_vector?, count: Int, type: ColumnType) -> ColumnVector {
    var builder = VectorBuilder(type)
    builder.append(vector, count: count)
    return builder.finish()
  }
}

/// One column of a batch in the making, from several engine vectors. Values are gathered as raw bytes in place.
struct VectorBuilder {
  private let physical: PhysicalType
  private var bytes: [UInt8] = []
  private var offsets: [UInt32] = [0]
  private var validity: [UInt64] = []
  private var hasNull = false
  private(set) var count = 0

  init(_ type: ColumnType) { physical = type.physical }

  var byteCount: Int { bytes.count + offsets.count * 4 }

  mutating func append(_ vector: cdb_vector?, count added: Int) {
    guard let data = cdb_vector_data(vector) else { return }
    let valid = cdb_vector_validity(vector).map { UnsafePointer($0) }
    if physical == .bytes {
      appendStrings(data, valid, added)
    } else {
      appendFixed(data, valid, added)
    }
    appendValidity(valid, added)
    count += added
  }

  private mutating func appendFixed(_ data: UnsafeMutableRawPointer, _ validity: UnsafePointer<UInt64>?, _ added: Int) {
    let width = physical.width
    let first = bytes.count
    bytes.append(contentsOf: UnsafeRawBufferPointer(start: data, count: added * width))
    guard let validity else { return }
    // What lies under a NULL is whatever the engine left there; it must not travel.
    for row in 0..<added where validity[row >> 6] & (1 << UInt64(row & 63)) == 0 {
      for byte in 0..<width { bytes[first + row * width + byte] = 0 }
    }
  }

  private mutating func appendStrings(
    _ data: UnsafeMutableRawPointer, _ validity: UnsafePointer<UInt64>?, _ added: Int
  ) {
    let size = cdb_strings_size(data, validity, added)
    let (firstByte, firstOffset) = (bytes.count, offsets.count)
    bytes.append(contentsOf: repeatElement(0, count: size))
    offsets.append(contentsOf: repeatElement(0, count: added))
    bytes.withUnsafeMutableBufferPointer { bytes in
      offsets.withUnsafeMutableBufferPointer { offsets in
        guard let ends = offsets.baseAddress else { return }
        cdb_strings_copy(
          data, validity, added, UInt32(firstByte), ends + firstOffset, bytes.baseAddress.map { $0 + firstByte })
      }
    }
  }

  private mutating func appendValidity(_ valid: UnsafePointer<UInt64>?, _ added: Int) {
    guard valid != nil || hasNull else { return }
    if !hasNull {
      hasNull = true
      validity = [UInt64](repeating: ~0, count: count >> 6)
      if count & 63 != 0 { validity.append((1 << UInt64(count & 63)) - 1) }
    }
    for row in 0..<added {
      let target = count + row
      if target >> 6 == validity.count { validity.append(0) }
      let isSet = valid.map { $0[row >> 6] & (1 << UInt64(row & 63)) != 0 } ?? true
      if isSet { validity[target >> 6] |= 1 << UInt64(target & 63) }
    }
  }

  func finish() -> ColumnVector { ColumnVector(validity: hasNull ? validity : nil, storage: storage) }

  private var storage: ColumnVector.Storage {
    switch physical {
    case .int8: .int8(values())
    case .int16: .int16(values())
    case .int32: .int32(values())
    case .int64: .int64(values())
    case .int128: .int128(values())
    case .float: .float(values())
    case .double: .double(values())
    case .bytes: .bytes(offsets: offsets, data: bytes)
    }
  }

  private func values<Value>() -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { values, valueCount in
      UnsafeMutableRawBufferPointer(values).copyBytes(from: bytes)
      valueCount = count
    }
  }
}

extension PhysicalType {
  /// Bytes of one value; 0 for strings.
  var width: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int32, .float: 4
    case .int64, .double: 8
    case .int128: 16
    case .bytes: 0
    }
  }
}
