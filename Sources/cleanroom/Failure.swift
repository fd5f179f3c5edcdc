import ArgumentParser
import CleanRoomClient
import CleanRoomDaemon
import CleanRoomEngine
import CleanRoomScenario
import CleanRoomStore
import CleanRoomTransport
import Foundation
import Logging

/// How the program ends when something is wrong: a message and an exit code (sysexits.h).
enum Failure {
  static let configuration = ExitCode(78)
  static let inUse = ExitCode(75)

  /// Says why on standard error.
  static func report(_ message: String, code: ExitCode = .failure) -> ExitCode {
    FileHandle.standardError.write(Data("cleanroom: \(message)\n".utf8))
    return code
  }

  /// Runs a command and turns what it throws into a message and a code.
  static func reporting(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let code as ExitCode {
      throw code
    } catch {
      let (message, code) = describe(error)
      throw report(message, code: code)
    }
  }

  /// As `reporting`, for daemons, whose every line on standard error is a JSON object.
  static func logging(to logger: Logger, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      let (message, code) = describe(error)
      logger.critical("\(message)")
      throw code
    }
  }

  private static func describe(_ error: any Error) -> (message: String, code: ExitCode) {
    switch error {
    case let error as ConfigurationError: (error.description, configuration)
    case let error as IdentityError: (error.description, configuration)
    case StateFolderError.inUse(let path):
      ("The state folder \(path) is in use by another daemon. Stop that one first.", inUse)
    case StateFolderError.notWritable(let path):
      ("The state folder \(path) cannot be written. Correct `state` or its permissions.", configuration)
    case StoreError.tooNew:
      ("The state was written by a newer version of cleanroom. Use that version.", .failure)
    case StoreError.damaged(let kind, let id):
      ("The state's record \(kind) \(id) is damaged. Restore the state folder from a backup.", .failure)
    case is StoreError:
      ("The state database cannot be opened. Check the state folder's permissions and free space.", .failure)
    case let error as EngineError: (error.message, .failure)
    case let error as ScenarioProblems: (error.description, configuration)
    case let error as RunProblem: (error.description, .failure)
    case let error as StartError: (error.description, .failure)
    case ClientError.badInput(let message): (message, .validationFailure)
    case ClientError.unreachable(let message), ClientError.notTheAPI(let message): (message, .failure)
    case let error as RequestProblem: (error.description, .failure)
    default: ("An unforeseen error ended the program (\(type(of: error))).", .failure)
    }
  }
}
