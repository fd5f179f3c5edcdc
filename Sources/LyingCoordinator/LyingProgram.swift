import CleanRoomDaemon
import CoordinatorService
import Foundation
import Logging

/// A coordinator with its true identity and documents that lies to the members as `CLEANROOM_LIE` says. It is there to
/// show that members notice, and is never part of a release.
@main
enum LyingProgram {
  static let variable = "CLEANROOM_LIE"

  static func main() async {
    let logger = JSONLog.logger(label: "lying-coordinator")
    let arguments = CommandLine.arguments
    guard arguments.count == 4, arguments[1...2] == ["coordinator", "--config"],
      let lie = ProcessInfo.processInfo.environment[variable].flatMap(Lie.init)
    else {
      let known = Lie.allCases.map(\.rawValue).joined(separator: ", ")
      logger.critical("usage: \(variable)=LIE \(arguments[0]) coordinator --config FILE, where LIE is one of \(known)")
      exit(64)
    }
    logger.warning("THIS COORDINATOR LIES (\(lie.rawValue)). For tests only.")
    do {
      let configuration = try CoordinatorConfiguration.load(arguments[3])
      try await CoordinatorDaemon.run(configuration, link: { LyingLink(honest: $0, lie: lie) }, logger: logger)
    } catch {
      logger.critical("\(error)")
      exit(1)
    }
  }
}
