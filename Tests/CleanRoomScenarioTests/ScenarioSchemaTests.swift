import CleanRoomAPI
import CleanRoomScenario
import Foundation
import Testing

@Suite struct ScenarioSchemaTests {
  private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL
  private static let scenarios = root.appendingPathComponent("Configs/scenarios")

  /// The delivered files, and the one that shows every key.
  private static var files: [URL] {
    let delivered = (try? FileManager.default.contentsOfDirectory(at: scenarios, includingPropertiesForKeys: nil)) ?? []
    return delivered.filter { $0.pathExtension == "yaml" }
      + [root.appendingPathComponent("Tests/CleanRoomScenarioTests/Scenarios/good.yaml")]
  }

  private func failures(_ text: String) throws -> [String] {
    let schema = try JSONValue(parsing: Array(ScenarioSchema.text.utf8))
    return SchemaValidator(root: schema).failures(try YAMLNode.parse(text, file: "f.yaml").json, schema)
  }

  /// Made again with `cleanroom scenario schema > Configs/scenarios/scenario.schema.json`.
  @Test func theCommittedSchemaIsTheGeneratedOne() throws {
    let file = Self.scenarios.appendingPathComponent("scenario.schema.json")
    #expect(try String(contentsOf: file, encoding: .utf8) == ScenarioSchema.text)
  }

  @Test func itIsSmallEnoughForEditors() {
    #expect(ScenarioSchema.text.utf8.count < 1_000_000)
  }

  @Test(arguments: files) func goodFilesPass(_ file: URL) throws {
    #expect(try failures(try String(contentsOf: file, encoding: .utf8)) == [])
  }

  @Test(arguments: files) func goodFilesAreRead(_ file: URL) throws {
    #expect(throws: Never.self) { try ScenarioReader.read(file.path) }
  }

  @Test(arguments: [
    ("x: 1", "/x: never"), ("seed: a", "/seed: type"), ("steps: []", "/steps: minItems"),
    ("steps: [{call: GetCollaboration}]", "/steps/0: dependentRequired"),
    ("steps: [{as: a, call: GetColaboration}]", "/steps/0/call: enum"),
    ("steps: [{as: a, call: GetCollaboration, with: {id: x}}]", "/steps/0/with: anyOf"),
    ("steps: [{as: a, call: ListMembers, with: {maxResults: five}}]", "/steps/0/with: anyOf"),
    ("steps: [{fault: {kil: a}}]", "/steps/0/fault/kil: never"), ("steps: [{do: nothing}]", "/steps/0: anyOf"),
    ("steps: [{as: a, call: GetCollaboration, expect: {refused: {error: X}}}]", "/steps/0/expect/refused/error: enum"),
    ("steps: [{wait: 2 parsecs}]", "/steps/0/wait: anyOf"), ("parties: {a: {name: A}}", "/parties/a: required"),
    ("parties: {a: {name: A, account: 1, abilities: [X]}}", "/parties/a/abilities/0: enum"),
  ]) func mistakesFail(_ line: String, _ failure: String) throws {
    let base = ["title: T", "parties: {a: {account: \"123456789012\", name: A}}", "steps: [{wait: 1s}]"]
    let key = line.prefix { $0 != ":" }
    let text = (base.filter { !$0.hasPrefix(key) } + [line]).joined(separator: "\n")
    #expect(try failures(text) == [failure])
    #expect(try failures(base.joined(separator: "\n")) == [])
  }
}
