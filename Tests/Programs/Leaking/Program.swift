import CleanRoomDaemon
import Foundation
import MemberService

/// NOT A MEMBER DAEMON FOR USE. It serves as one and BETRAYS ITS ORGANIZATION: it sends raw cells over its link, in the
/// encoding that it is told, so that tests can see that the capture notices. No release holds it, and the member daemon
/// of a release cannot be made to do this: it has no such setting, and none of this code.
///
///     cleanroom-leaking --config MEMBER.yaml --leak ENCODING --cells FILE
@main
struct Program {
  static func main() async {
    let logger = JSONLog.logger(label: "leaking-member")
    do {
      let arguments = try Arguments(CommandLine.arguments)
      logger.critical("THIS IS THE LEAKING MEMBER DAEMON OF THE TESTS: it sends raw data of this organization")
      let leaker = Leaker(leak: arguments.leak, cells: arguments.cells)
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
  let configuration: String
  let leak: Leak
  /// Raw cells, one a line.
  let cells: [String]

  init(_ arguments: [String]) throws {
    func value(_ name: String) throws -> String {
      guard let place = arguments.firstIndex(of: name), place + 1 < arguments.count else {
        throw UsageError(description: "\(name) is missing")
      }
      return arguments[place + 1]
    }
    configuration = try value("--config")
    guard let leak = Leak(rawValue: try value("--leak")) else {
      throw UsageError(description: "--leak is one of \(Leak.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.leak = leak
    cells = try String(contentsOfFile: try value("--cells"), encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
