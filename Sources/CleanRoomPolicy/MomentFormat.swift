/// A date or timestamp format of fixed-width numbers: what a text must look like, and the same for the engine.
struct MomentFormat {
  let pattern: String
  let engine: String

  private static let fields: [(letters: String, pattern: String, engine: String)] = [
    ("yyyy", "[0-9]{4}", "%Y"), ("MM", "[0-9]{2}", "%m"), ("dd", "[0-9]{2}", "%d"), ("HH", "[0-9]{2}", "%H"),
    ("mm", "[0-9]{2}", "%M"), ("ss", "[0-9]{2}", "%S"),
  ]

  /// Nil for formats with other letters than these, or a field twice, or without a whole date.
  init?(_ written: String) {
    var (pattern, engine) = ("", "")
    var seen: Set<String> = []
    var rest = written[...]
    while let first = rest.first {
      if let field = Self.fields.first(where: { rest.hasPrefix($0.letters) }) {
        guard seen.insert(field.letters).inserted else { return nil }
        (pattern, engine) = (pattern + field.pattern, engine + field.engine)
        rest = rest.dropFirst(field.letters.count)
      } else if "-/.: ,_".contains(first) {
        pattern += first == "." ? "\\." : String(first)
        engine.append(first)
        rest = rest.dropFirst()
      } else {
        return nil
      }
    }
    guard seen.isSuperset(of: ["yyyy", "MM", "dd"]) else { return nil }
    (self.pattern, self.engine) = (pattern, engine)
  }
}
