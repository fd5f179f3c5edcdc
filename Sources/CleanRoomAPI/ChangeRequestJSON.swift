import CleanRoomModel

/// Change requests between the API's structures and charters.
public enum ChangeRequestJSON {
  /// Reads `changes`, each under the charter as it stands.
  /// - Throws: `APIError` naming every change that cannot be made.
  public static func changes(_ input: JSONValue, in charter: CollaborationCharter) throws(APIError) -> [CharterChange] {
    var changes: [CharterChange] = []
    var problems: [APIError.Field] = []
    for (index, item) in (input["changes"]?.array ?? []).enumerated() {
      let path = "changes[\(index)].specification"
      do throws(APIError.Field) {
        changes.append(try change(item, path, in: charter))
      } catch {
        problems.append(error)
      }
    }
    guard problems.isEmpty else { throw .fields(problems) }
    guard charter.amended(by: changes) != nil else {
      throw .validation("The changes name a member twice or more, or one that is no member. Name each once.")
    }
    return changes
  }

  private static func change(
    _ item: JSONValue, _ path: String, in charter: CollaborationCharter
  ) throws(APIError.Field) -> CharterChange {
    let change: CharterChange
    switch (
      item["specificationType"]?.string, item["specification"]?["member"], item["specification"]?["collaboration"]
    ) {
    case ("MEMBER", let member?, _):
      change = .member(try specification(member, path + ".member", in: charter))
    case ("COLLABORATION", _, let collaboration?):
      change = .autoApproved(
        try autoApproved(collaboration["autoApprovedChangeTypes"], path + ".collaboration.autoApprovedChangeTypes"))
    default: throw .init(name: path, message: "The specification must hold the member that specificationType names.")
    }
    guard !charter.types(of: change).isEmpty else {
      throw .init(name: path, message: "The collaboration is already as the change wants it.")
    }
    return change
  }

  private static func specification(
    _ member: JSONValue, _ path: String, in charter: CollaborationCharter
  ) throws(APIError.Field) -> MemberSpecification {
    for name in ["mlMemberAbilities", "paymentConfiguration"] where member[name] != nil {
      throw .init(name: "\(path).\(name)", message: "Changing \(name) is not available in this version.")
    }
    guard let account = AccountID(member["accountId"]?.string ?? "") else {
      throw .init(name: path + ".accountId", message: "An account has 12 digits.")
    }
    let wanted = try abilities(member["memberAbilities"], path + ".memberAbilities")
    guard var specification = charter.member(account) else {
      guard let name = member["displayName"]?.string else {
        throw .init(name: path + ".displayName", message: "A new member needs a displayName.")
      }
      return MemberSpecification(account: account, displayName: name, abilities: wanted)
    }
    specification.displayName = member["displayName"]?.string ?? specification.displayName
    specification.abilities = specification.abilities.filter { $0 != .canReceiveResults } + wanted
    return specification
  }

  /// Who runs queries and jobs is fixed when a collaboration is created.
  private static func abilities(_ list: JSONValue?, _ path: String) throws(APIError.Field) -> [MemberAbility] {
    let names = list?.stringList ?? []
    if let wrong = names.first(where: { $0 != MemberAbility.canReceiveResults.rawValue }) {
      throw .init(name: path, message: "A change request cannot give the ability \(wrong).")
    }
    guard names.count <= 1 else { throw .init(name: path, message: "The ability \(names[0]) is listed twice.") }
    return names.isEmpty ? [] : [.canReceiveResults]
  }

  /// - Throws: for types that this version does not know, and for repetitions.
  public static func autoApproved(_ list: JSONValue?, _ path: String) throws(APIError.Field) -> [ChangeType] {
    var types: [ChangeType] = []
    for (index, name) in (list?.stringList ?? []).enumerated() {
      guard let type = ChangeType(rawValue: name), type.mayBeAutoApproved else {
        throw .init(name: "\(path)[\(index)]", message: "The change type \(name) is not available in this version.")
      }
      guard !types.contains(type) else {
        throw .init(name: "\(path)[\(index)]", message: "The change type \(name) is listed twice.")
      }
      types.append(type)
    }
    return types.sorted { $0.rawValue < $1.rawValue }
  }

  // MARK: Output

  /// - Parameter types: what the changes amounted to when they were proposed, in their order.
  public static func json(_ changes: [CharterChange], types: [[ChangeType]]) -> JSONValue {
    .array(
      zip(changes, types).map { change, types in
        .object([
          "specificationType": .string(change.isOfMember ? "MEMBER" : "COLLABORATION"),
          "specification": specification(change), "types": .strings(types.map(\.rawValue)),
        ])
      })
  }

  private static func specification(_ change: CharterChange) -> JSONValue {
    switch change {
    case .member(let member):
      .object([
        "member": .object([
          "accountId": .string(member.account.value), "displayName": .string(member.displayName),
          "memberAbilities": .strings(member.abilities.map(\.rawValue)),
        ])
      ])
    case .removal(let account):
      .object(["member": .object(["accountId": .string(account.value), "memberAbilities": .array([])])])
    case .autoApproved(let types):
      .object(["collaboration": .object(["autoApprovedChangeTypes": .strings(types.map(\.rawValue))])])
    }
  }

  /// Whether an answer shows the very changes that the creator signed.
  public static func shows(_ answer: JSONValue?, _ changes: [CharterChange]) -> Bool {
    let shown = answer?["changes"]?.array ?? []
    return shown.count == changes.count
      && zip(shown, changes).allSatisfy { $0["specification"] == specification($1) }
  }
}

extension APIError.Field: Error {}

extension CharterChange {
  fileprivate var isOfMember: Bool { if case .autoApproved = self { false } else { true } }
}
