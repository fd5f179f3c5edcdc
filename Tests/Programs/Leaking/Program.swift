import CleanRoomDaemon
import Foundation
import MemberService

/// NOT A MEMBER DAEMON FOR USE. It serves as one and BETRAYS ITS ORGANIZATION: it sends raw cells over its link, in the
/// encoding that it is told, so that tests can see that the capture notices. No release holds it, and the member daemon
/// of a release cannot be made to do this: it has no such setting, and none of this code.
///
///     cleanroom-leaking --config MEMBER.yaml --leak WAY=FILE … with a raw cell in each line of the file
@main
struct Program {
  static func main() async {
    let logger = JSONLog.logger(label: "leaking-member")
    do {
      let arguments = try Arguments(CommandLine.arguments)
      logger.critical("THIS IS THE LEAKING MEMBER DAEMON OF THE TESTS: it sends raw data of this organization")
      let leaker = Leaker(arguments.leaks)
      try await MemberDaemon.run(try MemberConfiguration.load(arguments.configuration), logger: logger) {
        LeakingChannel(stream: $0, link: $1, leaker: leaker)
      }
    } catch {
      logger.error("it ended", metadata: ["reason": "\(error)"])
      exit(1)
    }
  }
}

struct UsageError: Error, CustomStringConvertible { let description: String }

struct Arguments {
  var configuration = ""
  var leaks: [(leak: Leak, cells: [String])] = []

  init(_ arguments: [String]) throws {
    for (name, value) in zip(arguments, arguments.dropFirst()) {
      if name == "--config" { configuration = value }
      if name == "--leak" { leaks.append(try Self.leak(value)) }
    }
  }

  private static func leak(_ text: String) throws -> (Leak, [String]) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let leak = Leak(rawValue: parts[0]) else {
      throw UsageError(description: "--leak is one of \(Leak.allCases.map(\.rawValue).joined(separator: ", "))=FILE")
    }
    return (leak, try String(contentsOfFile: parts[1], encoding: .utf8).split(separator: "\n").map(String.init))
  }
}
