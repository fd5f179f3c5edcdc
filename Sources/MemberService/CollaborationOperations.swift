import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

extension MemberAPI {
  /// Fixes members and abilities in a charter of this daemon's own making and signing: nobody else can change them.
  func createCollaboration(_ call: APICall) async throws -> JSONValue {
    let problems = CharterRules.problems(call.input, creator: account, mode: mode)
    guard problems.isEmpty else { throw APIError.fields(problems) }
    let charter = try CharterID.identified(
      CharterRules.charter(call.input, id: .random(), creator: account, now: call.now))
    let document = try identity.sign(try WireJSON.encode(charter), purpose: .charter)
    try secrets.create(for: charter.id)
    try memberships.keep(CharterHistory(charter: document), of: charter.id, at: call.now)
    let undo = {
      try? secrets.forget(charter.id)
      try? memberships.forgetHistory(of: charter.id)
    }
    let output = try await forward(call, document: document, undo: { undo() }).output
    if let id = output["collaboration"]?["membershipId"]?.string.flatMap({ MembershipID($0) }) {
      let membership = LocalMembership(
        id: id, collaboration: charter.id, charter: document, defaultResult: nil)
      try memberships.keep(membership, at: call.now)
    }
    return output
  }

  /// Nothing is released any more for a collaboration that has ended, whatever the coordinator announces.
  func deleteCollaboration(_ call: APICall) async throws -> JSONValue {
    let output = try await forward(call).output
    if let id = CollaborationID(call.text("collaborationIdentifier")) {
      if let membership = try memberships.membership(in: id) { try memberships.forget(membership) }
      try memberships.forgetHistory(of: id)
      releases.abandon(id)
      try secrets.forget(id)
    }
    return output
  }
}

/// What a collaboration's creator may ask for, and the charter it amounts to.
enum CharterRules {
  static func problems(_ input: JSONValue, creator: AccountID, mode: APIMode) -> [APIError.Field] {
    var problems: [APIError.Field] = []
    var seen: Set<String> = [creator.value]
    let members = input["members"]?.array ?? []
    for (index, member) in members.enumerated() {
      let id = member["accountId"]?.string ?? ""
      if !seen.insert(id).inserted {
        let what = id == creator.value ? "is the creator, which is a member already" : "is listed twice"
        problems.append(.init(name: "members[\(index)].accountId", message: "Account \(id) \(what)."))
      }
      problems += repeated(member["memberAbilities"], path: "members[\(index)].memberAbilities")
    }
    problems += repeated(input["creatorMemberAbilities"], path: "creatorMemberAbilities")
    problems += paymentProblems(input, members)
    do throws(APIError.Field) {
      _ = try ChangeRequestJSON.autoApproved(input["autoApprovedChangeRequestTypes"], "autoApprovedChangeRequestTypes")
    } catch {
      problems.append(error)
    }
    if mode == .strict { problems += runnerProblems(input, members) }
    return problems
  }

  private static func repeated(_ abilities: JSONValue?, path: String) -> [APIError.Field] {
    let names = abilities?.stringList ?? []
    return names.indices.filter { names[..<$0].contains(names[$0]) }.map { index in
      APIError.Field(name: "\(path)[\(index)]", message: "The ability \(names[index]) is listed twice.")
    }
  }

  /// One payer of each kind at most, and a runner that does not pay needs somebody who does.
  private static func paymentProblems(_ input: JSONValue, _ members: [JSONValue]) -> [APIError.Field] {
    let all =
      [("creatorPaymentConfiguration", input["creatorPaymentConfiguration"], input["creatorMemberAbilities"])]
      + members.enumerated().map {
        (
          "members[\($0.offset)].paymentConfiguration", $0.element["paymentConfiguration"],
          $0.element["memberAbilities"]
        )
      }
    let given = all.compactMap { path, value, _ in PaymentJSON.responsibility(value).map { (path, $0) } }
    let costs: [(String, KeyPath<PaymentResponsibility, Bool>)] = [
      ("queryCompute", \.queryCompute), ("jobCompute", \.jobCompute),
      ("machineLearning.modelTraining", \.modelTraining), ("machineLearning.modelInference", \.modelInference),
      ("machineLearning.syntheticDataGeneration", \.syntheticDataGeneration),
    ]
    let doubles = costs.flatMap { name, cost in
      given.filter { $0.1[keyPath: cost] }.dropFirst().map {
        APIError.Field(name: "\($0.0).\(name).isResponsible", message: "Another member pays for \(name) already.")
      }
    }
    guard !given.contains(where: { $0.1.queryCompute }) else { return doubles }
    let idle = all.filter { _, value, abilities in
      value?["queryCompute"]?["isResponsible"]?.bool == false
        && abilities?.stringList?.contains(MemberAbility.canQuery.rawValue) == true
    }
    return doubles
      + idle.map {
        APIError.Field(
          name: "\($0.0).queryCompute.isResponsible", message: "Whoever runs queries pays unless another member does.")
      }
  }

  /// AWS lets exactly one member of a collaboration run queries.
  private static func runnerProblems(_ input: JSONValue, _ members: [JSONValue]) -> [APIError.Field] {
    let lists =
      [("creatorMemberAbilities", input["creatorMemberAbilities"])]
      + members.enumerated().map { ("members[\($0.offset)].memberAbilities", $0.element["memberAbilities"]) }
    let runners = lists.filter { $0.1?.stringList?.contains(MemberAbility.canQuery.rawValue) ?? false }
    if runners.isEmpty {
      return [
        .init(name: "creatorMemberAbilities", message: "Exactly one member must have CAN_QUERY; none has it.")
      ]
    }
    return runners.dropFirst().map {
      APIError.Field(
        name: $0.0, message: "Exactly one member may have CAN_QUERY; \(runners[0].0) grants it already.")
    }
  }

  static func charter(
    _ input: JSONValue, id: CollaborationID, creator: AccountID, now: Timestamp
  ) -> CollaborationCharter {
    let own = MemberSpecification(
      account: creator, displayName: input["creatorDisplayName"]?.string ?? "",
      abilities: abilities(input["creatorMemberAbilities"]),
      payment: PaymentJSON.responsibility(input["creatorPaymentConfiguration"]))
    let others = (input["members"]?.array ?? []).compactMap { member in
      AccountID(member["accountId"]?.string ?? "").map {
        MemberSpecification(
          account: $0, displayName: member["displayName"]?.string ?? "",
          abilities: abilities(member["memberAbilities"]),
          payment: PaymentJSON.responsibility(member["paymentConfiguration"]))
      }
    }
    return CollaborationCharter(
      id: id, name: input["name"]?.string ?? "", creator: creator, members: [own] + others,
      dataEncryption: encryption(input["dataEncryptionMetadata"]),
      queryLogEnabled: input["queryLogStatus"]?.string == "ENABLED", createdAt: now,
      autoApproved: autoApproved(input), allowedResultRegions: input["allowedResultRegions"]?.stringList)
  }

  /// Checked before.
  private static func autoApproved(_ input: JSONValue) -> [ChangeType]? {
    input["autoApprovedChangeRequestTypes"].flatMap { try? ChangeRequestJSON.autoApproved($0, "") }
  }

  private static func abilities(_ list: JSONValue?) -> [MemberAbility] {
    (list?.stringList ?? []).compactMap { MemberAbility(rawValue: $0) }
  }

  private static func encryption(_ value: JSONValue?) -> DataEncryptionMetadata? {
    guard let value, value.dictionary != nil else { return nil }
    return DataEncryptionMetadata(
      allowCleartext: value["allowCleartext"]?.bool ?? false,
      allowDuplicates: value["allowDuplicates"]?.bool ?? false,
      allowJoinsOnColumnsWithDifferentNames: value["allowJoinsOnColumnsWithDifferentNames"]?.bool ?? false,
      preserveNulls: value["preserveNulls"]?.bool ?? false)
  }
}
