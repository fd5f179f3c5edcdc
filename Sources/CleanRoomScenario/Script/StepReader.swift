import CleanRoomAPI
import CleanRoomDaemon

/// Reads one step.
struct StepReader {
  let context: ReadingContext

  /// The names that a step saves, its parallel steps' too, as far as they can be read.
  static func saves(_ value: YAMLValue) -> [String] {
    guard let reader = try? value.mapping() else { return [] }
    let own = (try? reader.optional("save")?.mapping())?.keys ?? []
    let inner = (try? reader.optional("parallel")?.elements()) ?? []
    return own + inner.flatMap(saves)
  }

  func step(_ value: YAMLValue) throws(ConfigurationError) -> ScenarioStep {
    let reader = try value.mapping()
    let title = try reader.optional("do")?.string()
    let (action, standardLimit) = try self.action(reader)
    let limit = try reader.optional("limit")?.duration() ?? standardLimit
    context.finish(reader)
    return ScenarioStep(title: title, line: value.line, action: action, limit: limit)
  }

  private func action(_ reader: YAMLReader) throws(ConfigurationError) -> (StepAction, limit: Duration) {
    let kinds = ["call", "parallel", "fault"].filter { reader.optional($0) != nil }
    guard kinds.count < 2 else {
      throw reader.value.fail("does several things: \(kinds.joined(separator: ", "))", "Make them steps of their own")
    }
    if let operation = reader.optional("call") {
      return (.call(try CallReader(context: context, reader: reader).call(operation)), ScenarioStep.standardLimit)
    }
    if let parallel = reader.optional("parallel") {
      let steps = try self.parallel(parallel)
      return (.parallel(steps), steps.map(\.limit).max() ?? ScenarioStep.standardLimit)
    }
    if let fault = reader.optional("fault") {
      return (.fault(try FaultReader(context: context).fault(fault)), ScenarioStep.standardLimit)
    }
    guard let wait = reader.optional("wait") else {
      throw reader.value.fail("does nothing", "Give it one of: call, parallel, fault, wait")
    }
    let duration = try wait.duration()
    return (.wait(duration), duration + ScenarioStep.standardLimit)
  }

  private func parallel(_ value: YAMLValue) throws(ConfigurationError) -> [ScenarioStep] {
    let steps = try value.elements()
    guard !steps.isEmpty else { throw value.fail("is empty", "Add a step") }
    return steps.compactMap { value in
      context.attempt { () throws(ConfigurationError) in
        let step = try self.step(value)
        guard case .call = step.action else {
          throw value.fail("cannot run in parallel", "Only calls can; move it before or after")
        }
        return step
      }
    }
  }
}

/// Reads a step that calls an operation.
struct CallReader {
  let context: ReadingContext
  let reader: YAMLReader

  func call(_ name: YAMLValue) throws(ConfigurationError) -> APIStep {
    let party = try context.party(reader.required("as"))
    let operation = try operation(name)
    let expectation = try ExpectationReader(context: context, operation: operation, waits: try waits(operation))
      .expectation(reader.optional("expect"))
    let isRefused = expectation.refusal != nil
    if !isRefused, !OperationTable.available.contains(operation.name) {
      throw name.fail("calls \(operation.name), which this version does not have", "Expect its refusal, or remove it")
    }
    let input = try input(operation, isStrict: !isRefused)
    if isRefused, reader.optional("save") != nil {
      throw reader.fail("save", "has no effect, because a refused call answers nothing", "Remove it")
    }
    return APIStep(
      party: party, operation: operation, input: input, save: try saves(operation), until: try until(operation),
      waits: try waits(operation), expectation: expectation)
  }

  private func operation(_ value: YAMLValue) throws(ConfigurationError) -> Operation {
    let name = try value.string()
    if let operation = ServiceModel.shared.operation(named: name) { return operation }
    let known = ServiceModel.shared.operations.map(\.name)
    let guess = ServiceModel.shared.operation(spelled: name)?.name ?? Misspelling.closest(to: name, among: known)
    throw value.fail(
      "names the unknown operation \(name)",
      guess.map { "Did you mean \($0)?" } ?? "Use the names of the AWS Clean Rooms API, such as StartProtectedQuery")
  }

  private func input(_ operation: Operation, isStrict: Bool) throws(ConfigurationError) -> JSONValue {
    let empty = YAMLNode(content: .mapping([]), place: reader.value.node.place)
    let value =
      reader.optional("with")
      ?? YAMLValue(node: empty, file: reader.value.file, path: reader.value.member("with"))
    return try InputReader.input(value, of: operation, isStrict: isStrict, context)
  }

  private func waits(_ operation: Operation) throws(ConfigurationError) -> Bool {
    let value = reader.optional("wait")
    guard operation.name == "StartProtectedQuery" else {
      if let value { throw value.fail("is only for StartProtectedQuery", "Remove it, or ask again with until") }
      return false
    }
    return try value?.bool() ?? true
  }

  private func saves(_ operation: Operation) throws(ConfigurationError) -> [(name: String, path: JSONPath)] {
    guard let save = try reader.optional("save")?.mapping() else { return [] }
    var result: [(name: String, path: JSONPath)] = []
    for (name, value) in save.all() {
      guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
        throw save.fail(name, "cannot be a name", "Use letters, digits and _")
      }
      result.append((name, try JSONPath.read(try value.string(), in: operation, at: value).path))
    }
    return result
  }

  private func until(_ operation: Operation) throws(ConfigurationError) -> (path: JSONPath, values: [JSONValue])? {
    guard let until = reader.optional("until") else { return nil }
    guard ["Get", "List", "BatchGet"].contains(where: operation.name.hasPrefix) else {
      throw reader.fail("until", "would repeat \(operation.name)", "Use it with operations that only read: Get…, List…")
    }
    let entries = try until.mapping().all()
    guard let entry = entries.first, entries.count == 1 else {
      throw until.fail("should have exactly one path", "Write PATH: VALUE, or PATH: [VALUE, VALUE]")
    }
    let (path, type) = try JSONPath.read(entry.name, in: operation, at: entry.value)
    let values = entry.value.isSequence ? try entry.value.elements() : [entry.value]
    return (path, values.map { InputReader.value($0, as: type, context) })
  }
}
