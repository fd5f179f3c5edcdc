import Testing

@testable import CleanRoomAPI

@Suite struct ModelTypeTests {
  @Test(arguments: ServiceModel.shared.operations) func everyAnswerIsDescribed(operation: Operation) {
    guard case .structure = ServiceModel.shared.outputType(of: operation).form else {
      Issue.record("\(operation.name) has no output")
      return
    }
    for error in operation.errors {
      #expect(ServiceModel.shared.errorType(error).members["message"] != nil, "\(error)")
    }
  }

  @Test func everyReferenceLeadsSomewhere() {
    for (name, shape) in OutputModel.shared.shapes {
      let referred = shape.members.values.map(\.shape) + [shape.element, shape.key].filter { !$0.isEmpty }
      for other in referred { #expect(OutputModel.shared.shapes[other] != nil, "\(name) refers to \(other)") }
    }
  }

  @Test func formsFollowTheModel() throws {
    let operation = try #require(ServiceModel.shared.operation(named: "CreateCollaboration"))
    let input = ServiceModel.shared.inputType(of: operation)
    guard case .structure(let members, let required, let isUnion) = input.form else {
      Issue.record("no structure")
      return
    }
    #expect(required.contains("creatorDisplayName") && !isUnion)
    guard case .list(let member)? = members["members"]?.form else {
      Issue.record("no list")
      return
    }
    #expect(member.members.keys.contains("accountId"))
    guard case .string(let values)? = members["queryLogStatus"]?.form else {
      Issue.record("no string")
      return
    }
    #expect(values == ["ENABLED", "DISABLED"])
    let output = ServiceModel.shared.outputType(of: operation)
    guard case .number? = output.members["collaboration"]?.members["createTime"]?.form else {
      Issue.record("no time")
      return
    }
  }
}
