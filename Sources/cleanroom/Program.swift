import ArgumentParser

@main
struct Program: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cleanroom",
    abstract: "A self-hosted data clean room: joint SQL, while raw data stays with its owner.",
    version: "0.1.0",
    subcommands: [
      InitCommand.self, PKICommand.self, CoordinatorCommand.self, MemberCommand.self, ExplainCommand.self,
      LedgerCommand.self, APICommand.self, HashCommand.self, DoctorCommand.self, GenerateCommand.self,
      ScenarioCommand.self,
    ])
}
