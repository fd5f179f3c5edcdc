import ArgumentParser
import CleanRoomScenario
import Foundation

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a development consortium: authority, identities, configurations and AWS profiles.",
    discussion: "Never overwrites. Real organizations make their own keys on their own machines.")

  @Argument(help: "The folder to make.")
  var directory: String

  @Option(name: .customLong("member"), help: "An organization as ACCOUNT:NAME; repeat it for every member.")
  var members: [String]

  @Option(help: "The coordinator's port; the members' APIs follow from 43 above it.")
  var basePort = 7400

  func validate() throws {
    for text in members where ConsortiumMember(text) == nil {
      throw ValidationError(
        "'\(text)' is not ACCOUNT:NAME with an account of 12 digits, for instance \"123456789012:Acme Retail\".")
    }
    _ = try consortium()
  }

  private func consortium() throws -> DevelopmentConsortium {
    do {
      return try DevelopmentConsortium(
        folder: URL(fileURLWithPath: directory).standardizedFileURL.path,
        members: members.compactMap { ConsortiumMember($0) },
        basePort: basePort)
    } catch {
      throw ValidationError(error.description)
    }
  }

  func run() throws {
    let consortium = try consortium()
    do {
      try consortium.create(now: Date())
    } catch let problem as DevelopmentConsortium.Problem {
      throw Failure.report(problem.description)
    } catch {
      throw Failure.report("\(consortium.folder) cannot be written. Choose a folder that you may write to.")
    }
    print("Made a consortium of \(members.count) in \(consortium.folder). Start it with:\n")
    print("  cleanroom coordinator --config \(consortium.folder)/coordinator/coordinator.yaml")
    for member in consortium.members {
      print("  cleanroom member --config \(consortium.folder(of: member))/member.yaml    # \(member.name)")
    }
    print("\nand use it, after `unset AWS_CA_BUNDLE`, for instance with:\n")
    print(
      "  export AWS_CONFIG_FILE=\(consortium.folder)/aws/config AWS_SHARED_CREDENTIALS_FILE=\(consortium.folder)/aws/credentials"
    )
    print("  aws --profile \(consortium.members[0].profile) cleanrooms list-collaborations")
  }
}
