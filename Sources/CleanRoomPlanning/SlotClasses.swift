import CleanRoomPolicy

/// Columns of a query's relations, put together where a value passes unchanged from one to the other, and where two are
/// compared for equality. From this follows in which form each travels.
struct SlotClasses {
  /// The same value under several names.
  private var flows = DisjointSets<ColumnReference>()
  /// Flows that the query compares with each other.
  private var equals = DisjointSets<ColumnReference>()
  private var valued: Set<ColumnReference> = []
  private var compared: Set<ColumnReference> = []
  private var computed: Set<ColumnReference> = []

  mutating func flow(_ left: ColumnReference, _ right: ColumnReference) {
    flows.unite(left, right)
    equals.unite(left, right)
  }

  mutating func equate(_ left: ColumnReference, _ right: ColumnReference) {
    equals.unite(left, right)
    compared.formUnion([left, right])
  }

  mutating func compareEqual(_ slot: ColumnReference) { compared.insert(slot) }
  mutating func needValue(of slot: ColumnReference) { valued.insert(slot) }

  /// The slot holds what an expression gives, which has no token.
  mutating func compute(_ slot: ColumnReference) {
    computed.insert(slot)
    valued.insert(slot)
  }

  /// Settles the classes.
  func settled() -> SettledSlots {
    SettledSlots(
      flows: flows, equals: equals, valued: Set(valued.map(flows.root)), compared: Set(compared.map(flows.root)),
      computed: Set(computed.map(equals.root)))
  }
}

struct SettledSlots {
  let flows: DisjointSets<ColumnReference>
  let equals: DisjointSets<ColumnReference>
  /// Roots of flows.
  let valued: Set<ColumnReference>
  let compared: Set<ColumnReference>
  /// Roots of classes of equality.
  let computed: Set<ColumnReference>
}

/// Union-find; an element that was never united is alone.
struct DisjointSets<Element: Hashable & Sendable>: Sendable {
  private var parents: [Element: Element] = [:]
  private var ranks: [Element: Int] = [:]

  func root(of element: Element) -> Element {
    var current = element
    while let parent = parents[current] { current = parent }
    return current
  }

  mutating func unite(_ left: Element, _ right: Element) {
    let (first, second) = (root(of: left), root(of: right))
    guard first != second else { return }
    let (one, other) = (ranks[first] ?? 0, ranks[second] ?? 0)
    if one < other {
      parents[first] = second
    } else {
      parents[second] = first
      if one == other { ranks[first] = one + 1 }
    }
  }
}
