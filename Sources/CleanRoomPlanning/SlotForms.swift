import CleanRoomModel
import CleanRoomPolicy

/// In which form every column of a CUSTOM query exists at the coordinator: as its value, as a token, or as both.
struct SlotForms {
  struct Form: Equatable {
    var value: Bool
    var token: Bool
  }

  private let slots: SettledSlots
  /// What is known of each class of equality, by its root.
  private var classes: [ColumnReference: KeyClass] = [:]
  let joinsDifferentNames: Bool

  private struct KeyClass {
    var labels: Set<String> = []
    var names: Set<String> = []
    var families: Set<ColumnType.KeyFamily?> = []
    /// By label, so that the first is the same everywhere.
    var forms: [String: KeyForm] = [:]
    /// Flows of the class that nothing needs the value of.
    var hasHidden = false
  }

  /// - Parameter scans: the table behind each scan.
  init(_ uses: CustomUses, scans: [Int: ApprovedTable], joinsDifferentNames: Bool) {
    slots = uses.classes.settled()
    self.joinsDifferentNames = joinsDifferentNames
    for reference in uses.live {
      guard let table = scans[reference.table], let column = table.column(reference.name) else { continue }
      let root = slots.equals.root(of: reference)
      let label = table.name + "." + column.name
      var known = classes[root] ?? KeyClass()
      known.labels.insert(label)
      known.names.insert(column.name)
      known.families.insert(column.type.keyFamily)
      if let form = column.declaredForm { known.forms[label] = form }
      if !slots.valued.contains(slots.flows.root(of: reference)) { known.hasHidden = true }
      classes[root] = known
    }
  }

  func form(of slot: ColumnReference) -> Form {
    let root = slots.equals.root(of: slot)
    let flow = slots.flows.root(of: slot)
    let isValued = slots.valued.contains(flow)
    guard usesTokens(root) else { return Form(value: true, token: false) }
    return Form(value: isValued, token: !isValued || isCompared(flow))
  }

  /// Tokens stand for the class: it is made of table columns of one key family, and somebody's values can be spared or
  /// have to be matched in their canonical form.
  private func usesTokens(_ root: ColumnReference) -> Bool {
    guard let known = classes[root], !slots.computed.contains(root), known.families.count == 1,
      known.families.first.flatMap({ $0 }) != nil
    else { return false }
    return known.hasHidden || known.forms.values.contains { $0 != .none }
  }

  private func isCompared(_ flow: ColumnReference) -> Bool { slots.compared.contains(flow) }

  /// Names the key of the column's tokens: what the query compares shares one, every other column has its own.
  func domain(of slot: ColumnReference, name: String) -> String {
    let labels = classes[slots.equals.root(of: slot)]?.labels ?? []
    if labels.count == 1, let label = labels.first { return "own:" + label }
    return joinsDifferentNames ? "join:" + labels.sorted().joined(separator: "=") : "column:" + name
  }

  /// How the key is written: as its owner declares it, or else as the columns it is compared with are declared.
  func keyForm(of slot: ColumnReference, declared: KeyForm?) -> KeyForm? {
    if let declared { return declared }
    return classes[slots.equals.root(of: slot)]?.forms.min { $0.key < $1.key }?.value
  }
}
