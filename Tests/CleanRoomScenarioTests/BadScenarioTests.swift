import Foundation
import Testing

@testable import CleanRoomScenario

/// Files with one mistake each, and what their authors are told.
@Suite struct BadScenarioTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var text: String
    var instead: String
    var message: String

    var testDescription: String { instead }
  }

  /// From Scenarios/mistakes.yaml.
  private static let mistakes: [Mistake] = {
    guard let file = Bundle.module.url(forResource: "mistakes", withExtension: "yaml", subdirectory: "Scenarios"),
      let text = try? String(contentsOf: file, encoding: .utf8),
      let elements = try? YAMLValue(node: YAMLNode.parse(text, file: file.path), file: file.path, path: "").elements()
    else { return [] }
    return elements.compactMap { element in
      guard let entry = try? element.mapping(), let text = try? entry.required("replace").string(),
        let instead = try? entry.required("by").string(), let message = try? entry.required("says").string()
      else { return nil }
      return Mistake(text: text, instead: instead, message: message)
    }
  }()

  /// A good file, in which each mistake replaces a line.
  private static let base = """
    title: T
    parties:
      retailer: {account: "123456789012", name: Acme Retail, abilities: [CAN_QUERY]}
      partner: {account: "987654321098", name: AdTech Partner}
    steps:
      - as: retailer
        call: CreateCollaboration
        with:
          name: joint
          creatorMemberAbilities: ${retailer.abilities}
          creatorDisplayName: Acme
          members: ["${partner.member}"]
          queryLogStatus: ENABLED
        save: {collaboration: collaboration.id, membership: collaboration.membershipId}
      - as: retailer
        call: StartProtectedQuery
        with: {membershipIdentifier: "${membership}", type: SQL, sqlParameters: {queryString: SELECT 1}}
        expect: {rows: 1}
      - as: partner
        call: GetCollaboration
        with: {collaborationIdentifier: "${collaboration}"}
        until: {collaboration.memberStatus: ACTIVE}
      - fault: {kill: partner}
      - wait: 2s
    checks: {ledgers: intact}
    """

  /// Everything that is wrong with the file, without the folder's name.
  private func problems(_ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("s.yaml").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    do {
      _ = try ScenarioReader.read(file)
      return ""
    } catch {
      return error.description.replacing(folder.standardizedFileURL.path + "/", with: "")
    }
  }

  @Test func theFileWithoutMistakesIsGood() throws {
    #expect(try problems(Self.base) == "")
  }

  @Test(arguments: mistakes) func saysWhereAndWhatToDo(_ mistake: Mistake) throws {
    let parts = Self.base.components(separatedBy: mistake.text)
    try #require(parts.count == 2, "\(mistake.text) does not occur once")
    #expect(try problems(parts.joined(separator: mistake.instead)) == mistake.message)
  }

  @Test func reportsAllAtOnce() throws {
    let text = Self.base.replacing("kill: partner", with: "kill: nobody").replacing("title: T", with: "titel: T")
      .replacing("      name: joint", with: "      nam: joint")
    let lines = try problems(text).split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(lines == ["s.yaml:1:1:", "s.yaml:1:1:", "s.yaml:9:7:", "s.yaml:23:19:"])
  }

  @Test func namesAFileThatIsNotThere() throws {
    #expect(throws: ScenarioProblems.self) { try ScenarioReader.read("/nowhere/s.yaml") }
  }

  @Test func theTableIsRead() { #expect(Self.mistakes.count > 80) }

  @Test func aMistakeInAnAnchoredPartIsToldOnce() throws {
    let text = Self.base.replacing(
      "title: T", with: "title: T\ndefinitions: &step {as: partnr, call: GetCollaboration}"
    )
    .replacing("  - wait: 2s", with: "  - *step\n  - *step")
    #expect(
      try problems(text) == """
        s.yaml:2:25: steps[4].as names the unknown party partnr. Did you mean partner? Known here: retailer, partner.
        """)
  }
}
