import CleanRoomSQL
import Findings

/// What is printed may be longer than what was read: parentheses and quotes are written out.
private let roomy: ParserLimits = {
  var limits = ParserLimits.standard
  limits.characters *= 4
  limits.tokens *= 2
  return limits
}()

/// Any bytes have an answer, and what is a query comes back from its printed text as the same tree.
@_cdecl("LLVMFuzzerTestOneInput")
public func parseOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let query = try? SQLParser.parse(bytes: bytes(start, count)) else { return 0 }
  let text = SQLPrinter.text(query)
  do throws(SyntaxError) {
    let again = try SQLParser.parse(text, limits: roomy)
    guard again == query else { finding("read back as another tree: \(text)") }
    guard SQLPrinter.text(again) == text else { finding("printed again in other words: \(text)") }
  } catch {
    finding("not read back: \(error.message) \(text)")
  }
  return 0
}
