import CleanRoomAPI
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

/// Tags are this organization's own matter: they stay in its state folder.
extension MemberAPI {
  func tagResource(_ call: APICall) async throws -> JSONValue {
    let key = try await taggable(call)
    try merge(try TagRules.checked(call.input["tags"], path: "tags"), into: key, at: call.now)
    return .object([:])
  }

  func untagResource(_ call: APICall) async throws -> JSONValue {
    let key = try await taggable(call)
    let names = call.input["tagKeys"]?.stringList ?? []
    try store.write { writer in
      guard var record = try writer.get(.tags, key)?.value else { return }
      for name in names { record.tags[name] = nil }
      try writer.put(.tags, id: key, parent: nil, value: record, at: call.now)
    }
    return .object([:])
  }

  func listTags(_ call: APICall) async throws -> JSONValue {
    let key = try await taggable(call)
    let tags = try store.read { try $0.get(.tags, key)?.value.tags ?? [:] }
    return .object(["tags": .dictionary(tags.mapValues { .string($0) })])
  }

  /// Keeps the tags that a create operation was given, under the ARN that it answered with.
  func keep(_ tags: [String: String], for output: JSONValue, _ call: APICall) async throws {
    guard !tags.isEmpty else { return }
    let arn = output.dictionary?.values.compactMap { $0["arn"]?.string }.first
    guard let key = arn.flatMap({ ARN.resource($0, region: region, account: account) }) else {
      throw APIError.internalError
    }
    try merge(tags, into: key, at: call.now)
  }

  private func merge(_ tags: [String: String], into key: String, at time: Timestamp) throws {
    try store.write { writer in
      var record = try writer.get(.tags, key)?.value ?? TagRecord(tags: [:])
      record.tags.merge(tags) { $1 }
      guard record.tags.count <= TagRules.limit else { throw TagRules.tooMany }
      try writer.put(.tags, id: key, parent: nil, value: record, at: time)
    }
  }

  /// The resource part of an ARN. What is unknown, gone, foreign or cannot have tags answers alike.
  private func taggable(_ call: APICall) async throws -> String {
    let arn = call.text("resourceArn")
    guard let key = ARN.resource(arn, region: region, account: account), try await exists(key, call) else {
      throw APIError.missing("resource", id: arn, type: "RESOURCE", for: call.operation)
    }
    return key
  }

  private func exists(_ key: String, _ call: APICall) async throws -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch (parts.count, parts[0], parts.count == 4 ? parts[2] : "") {
    case (2, "collaboration", _):
      guard let history = try CollaborationID(parts[1]).flatMap({ try memberships.history(in: $0) }) else {
        return false
      }
      return try WireJSON.decode(CollaborationCharter.self, from: history.charter.payload).creator == account
    case (2, "membership", _): return try MembershipID(parts[1]).flatMap { try memberships.membership($0) } != nil
    case (2, "configuredtable", _): return try store.read { try $0.get(.configuredTables, parts[1]) } != nil
    case (4, "membership", "configuredtableassociation"):
      return try store.read { try $0.get(.associations, parts[3])?.value.membership.value } == parts[1]
    case (4, "membership", "analysistemplate"): return try await hasTemplate(parts[3], membership: parts[1], call)
    default: return false
    }
  }

  /// Templates are the coordinator's to know.
  private func hasTemplate(_ id: String, membership: String, _ call: APICall) async throws -> Bool {
    guard let operation = ServiceModel.shared.operation(named: "GetAnalysisTemplate") else { return false }
    let input = JSONValue.object([
      "membershipIdentifier": .string(membership), "analysisTemplateIdentifier": .string(id),
    ])
    do {
      return try await forward(APICall(operation: operation, input: input, now: call.now)).output["analysisTemplate"]
        != nil
    } catch let error as APIError where error.status < 500 {
      return false
    }
  }
}

/// What tags may look like.
enum TagRules {
  static let limit = 50
  static let tooMany = APIError.validation("A resource has at most \(limit) tags. Remove some first.")

  /// The tags that an input of a create operation holds.
  static func given(_ call: APICall) throws -> [String: String] {
    guard call.operation.name.hasPrefix("Create") else { return [:] }
    return try checked(call.input["tags"], path: "tags")
  }

  /// Letters, digits, spaces and `_.:/=+-@`; the prefix `aws:` is Amazon's.
  static func checked(_ value: JSONValue?, path: String) throws -> [String: String] {
    let tags = (value?.dictionary ?? [:]).compactMapValues(\.string)
    let problems = tags.sorted { $0.key < $1.key }.compactMap { key, value -> APIError.Field? in
      if key.lowercased().hasPrefix("aws:") {
        return .init(name: "\(path).\(key)", message: "Tag keys that begin with aws: are reserved.")
      }
      guard !isAllowed(key) || !isAllowed(value) else { return nil }
      return .init(
        name: "\(path).key", message: "Tags consist of letters, digits, spaces and the characters _.:/=+-@")
    }
    guard problems.isEmpty else { throw APIError.fields(problems) }
    guard tags.count <= limit else { throw tooMany }
    return tags
  }

  private static func isAllowed(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0.properties.isWhitespace && $0.value >= 0x20
        || "_.:/=+-@".unicodeScalars.contains($0)
    }
  }
}
