import ArgumentParser
import CleanRoomDaemon
import CleanRoomModel
import CoordinatorService
import Foundation
import MemberService

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check clock, certificates, keys, engine, reachability, sources and folders of a daemon.",
    discussion: """
      One line each: ok, warn or FAIL, with the remedy. Works for a coordinator's and a member's configuration, also \
      while the daemon runs, and changes nothing. Exit code 1 if anything fails.
      """)

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    try await Failure.reporting {
      let version = Finding.ok("version", "cleanroom \(Program.configuration.version)")
      let findings = [version] + (try await findings())
      for finding in findings {
        let status = finding.status.rawValue.padding(toLength: 4, withPad: " ", startingAt: 0)
        let subject = finding.subject.padding(toLength: 12, withPad: " ", startingAt: 0)
        print("\(status)  \(subject)  \(finding.text)")
      }
      if findings.contains(where: { $0.status == .fail }) { throw ExitCode.failure }
    }
  }

  private func findings() async throws -> [Finding] {
    let isMember = try ConfigurationReader.open(options.config).has("account")
    guard isMember else {
      return await CoordinatorCheckup.findings(try CoordinatorConfiguration.load(options.config), now: Date())
    }
    return await MemberCheckup.findings(try MemberConfiguration.load(options.config), now: Date())
  }
}
