import ArgumentParser
import CleanRoomDaemon
import CoordinatorService
import MemberService

struct ConfigurationOption: ParsableArguments {
  @Option(help: ArgumentHelp("The daemon's configuration file.", valueName: "file"))
  var config: String
}

struct CoordinatorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coordinator", abstract: "Run the coordinator daemon in the foreground.")

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    let logger = JSONLog.logger(label: "coordinator")
    try await Failure.logging(to: logger) {
      try await CoordinatorDaemon.run(try CoordinatorConfiguration.load(options.config), logger: logger)
    }
  }
}

struct MemberCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "member", abstract: "Run a member daemon in the foreground.")

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    let logger = JSONLog.logger(label: "member")
    try await Failure.logging(to: logger) {
      try await MemberDaemon.run(try MemberConfiguration.load(options.config), logger: logger)
    }
  }
}
