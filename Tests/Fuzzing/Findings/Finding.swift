import Glibc

/// Ends the process, so that libFuzzer keeps the input as a crash file.
public func finding(_ what: String) -> Never {
  print("finding: \(what)")
  fflush(nil)
  abort()
}

/// What libFuzzer hands over, copied.
public func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}
