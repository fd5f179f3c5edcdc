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

  private static func mistake(_ text: String, _ instead: String, _ message: String) -> Mistake {
    Mistake(text: text, instead: instead, message: message)
  }

  private static let mistakes: [Mistake] = [
    mistake("title: T", "title: T\nstroy: x", "s.yaml:2:1: stroy is not a known key. Did you mean story?"),
    mistake("title: T", "story: T", "s.yaml:1:1: title is missing. Add it."),
    mistake("title: T", "title: T\nseed: -1", "s.yaml:2:7: seed should be"),
    mistake("\"123456789012\"", "12345", "s.yaml:3:23: parties.retailer.account should be twelve digits."),
    mistake("987654321098", "123456789012", "s.yaml:4:3: parties.partner has the account of retailer."),
    mistake("AdTech Partner", "Acme Retail", "s.yaml:4:3: parties.partner has the name of retailer."),
    mistake(
      "CAN_QUERY]", "CAN_QUERRY]", "s.yaml:3:73: parties.retailer.abilities[0] has the unknown value CAN_QUERRY."),
    mistake("  - as: partner", "  - as: partnr", "s.yaml:19:9: steps[2].as names the unknown party partnr."),
    mistake("GetCollaboration", "GetColaboration", "s.yaml:20:11: steps[2].call names the unknown operation"),
    mistake("{kill: partner}", "{kil: partner}", "s.yaml:23:13: steps[3].fault.kil is not a known fault."),
    mistake("wait: 2s", "wait: 2 parsecs", "s.yaml:24:11: steps[4].wait should be a duration"),
    mistake("ledgers: intact", "ledgers: fine", "s.yaml:25:19: checks.ledgers has the unknown value fine."),
  ]
}
