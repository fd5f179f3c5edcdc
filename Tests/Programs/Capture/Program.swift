import CleanRoomCapture
import Foundation

/// Records and judges for the end-to-end tests.
///
///     cleanroom-capture relay --party NAME --port PORT --to PORT --folder FOLDER   prints its port; ends with its standard input
///     cleanroom-capture judge                                            reads a `JudgeOrder`, prints a record
///     cleanroom-capture clear --party NAME --folder FOLDER --number N    writes what was sent, decrypted
///     cleanroom-capture bench --rows N --megabytes N                     says how long a search takes
@main
struct Program {
  static func main() async {
    do {
      let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
      switch arguments.command {
      case "relay": try await relay(arguments)
      case "judge": try await judge()
      case "clear": try clear(arguments)
      case "bench":
        try await Bench(rows: try arguments.number("--rows"), megabytes: try arguments.number("--megabytes")).run()
      default: throw UsageError(description: "unknown command \(arguments.command)")
      }
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func relay(_ arguments: Arguments) async throws {
    let relay = try await LinkRelay.start(
      party: try arguments.value("--party"), port: try arguments.number("--port"),
      to: ("127.0.0.1", try arguments.number("--to")),
      recordingInto: CaptureFolder(path: try arguments.value("--folder")))
    FileHandle.standardOutput.write(Data("\(relay.port)\n".utf8))
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        _ = FileHandle.standardInput.readDataToEndOfFile()
        continuation.resume()
      }
    }
    await relay.close()
  }

  private static func judge() async throws {
    let order = try JSONDecoder().decode(JudgeOrder.self, from: FileHandle.standardInput.readDataToEndOfFile())
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    FileHandle.standardOutput.write(try encoder.encode(try await order.record()))
  }

  private static func clear(_ arguments: Arguments) throws {
    let session = CaptureSession(folder: CaptureFolder(path: try arguments.value("--folder")))
    let bytes = try session.clearText(
      party: try arguments.value("--party"), number: try arguments.number("--number"), sent: true)
    FileHandle.standardOutput.write(Data(bytes))
  }
}

struct UsageError: Error, CustomStringConvertible { let description: String }

struct Arguments {
  let command: String
  private let words: [String]

  init(_ words: [String]) throws {
    guard let command = words.first else { throw UsageError(description: "relay, judge, clear or bench?") }
    self.command = command
    self.words = words
  }

  func value(_ name: String) throws -> String {
    guard let place = words.firstIndex(of: name), place + 1 < words.count else {
      throw UsageError(description: "\(name) is missing")
    }
    return words[place + 1]
  }

  func number(_ name: String) throws -> Int {
    guard let number = Int(try value(name)) else { throw UsageError(description: "\(name) takes a number") }
    return number
  }
}
