/// A set that stays a list while it is short: comparing with a few elements costs less than hashing one.
struct SmallSet<Element: Hashable & Sendable>: Sendable, Sequence {
  /// In the order in which they came.
  private(set) var elements: [Element] = []
  private var hashed: Set<Element> = []
  private static var longest: Int { 16 }

  init() {}

  init(_ elements: some Sequence<Element>) { for element in elements { insert(element) } }

  func contains(_ element: Element) -> Bool {
    elements.count <= Self.longest ? elements.contains(element) : hashed.contains(element)
  }

  /// - Returns: false for an element that the set has already.
  @discardableResult
  mutating func insert(_ element: Element) -> Bool {
    guard !contains(element) else { return false }
    elements.append(element)
    if elements.count == Self.longest + 1 {
      hashed = Set(elements)
    } else if elements.count > Self.longest {
      hashed.insert(element)
    }
    return true
  }

  func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
}

extension SmallSet: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: Element...) { self.init(elements) }
}
