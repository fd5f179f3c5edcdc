import CleanRoomModel

extension ColumnVector {
  /// Of a string or binary cell; nil for NULL and for other types.
  func bytes(_ row: Int) -> ArraySlice<UInt8>? {
    guard case .bytes(let offsets, let data) = storage, isValid(row) else { return nil }
    return data[Int(offsets[row])..<Int(offsets[row + 1])]
  }

  /// Of a number, as it lies in a batch; nil for NULL and for other types.
  func littleEndian(_ row: Int) -> [UInt8]? {
    guard isValid(row) else { return nil }
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    return switch storage {
    case .int8(let values): bytes(values[row])
    case .int16(let values): bytes(values[row])
    case .int32(let values): bytes(values[row])
    case .int64(let values): bytes(values[row])
    case .int128(let values): bytes(values[row])
    case .float(let values): bytes(values[row].bitPattern)
    case .double(let values): bytes(values[row].bitPattern)
    case .bytes: nil
    }
  }
}
