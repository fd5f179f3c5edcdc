import ArgumentParser
import CleanRoomAPI
import CleanRoomClient
import CleanRoomModel
import Foundation

struct APICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "api",
    abstract: "Call an operation of the AWS Clean Rooms API at a member daemon.",
    discussion: """
      Takes the input as the AWS CLI's --cli-input-json does and prints the output as the API sends it (times in seconds \
      since 1970). Profiles, credentials, region, endpoint and CA bundle come from AWS's files and variables. Lists are \
      followed to their end, unless the input gives maxResults or nextToken.
      """)

  @Argument(help: "The operation: create-collaboration or CreateCollaboration.")
  var operation: String?

  @Option(help: "The AWS profile. Default: AWS_PROFILE, or default.")
  var profile: String?

  @Option(help: "The API's address instead of the profile's, such as https://localhost:7443.")
  var endpointURL: String?

  @Option(help: "A PEM file with the authority of the API's certificate, instead of the profile's.")
  var caBundle: String?

  @Option(help: ArgumentHelp("The input: JSON, file://PATH, or - for standard input.", valueName: "json"))
  var cliInputJSON: String?

  @Option(help: "Of a list, at most so many elements.")
  var maxItems: Int?

  @Flag(help: "Print the names of all operations.")
  var list = false

  @Flag(help: "Print the operation's input with every member, to be filled in.")
  var skeleton = false

  func validate() throws {
    guard list || operation != nil else { throw ValidationError("Name an operation; --list shows them all.") }
    if let operation, ServiceModel.shared.operation(spelled: operation) == nil {
      throw ValidationError("'\(operation)' is not an operation. cleanroom api --list shows them all.")
    }
    if let maxItems, maxItems < 1 { throw ValidationError("--max-items should be at least 1.") }
  }

  func run() async throws {
    if list {
      return print(ServiceModel.shared.operations.map(\.commandName).sorted().joined(separator: "\n"))
    }
    guard let operation = operation.flatMap({ ServiceModel.shared.operation(spelled: $0) }) else { return }
    if skeleton { return print(ServiceModel.shared.skeleton(of: operation).indentedText) }
    try await Failure.reporting {
      do {
        let output = try await call(operation, try input())
        if output != .object([:]) { print(output.indentedText) }
      } catch let error as APIError {
        let text = "An error occurred (\(error.type)) when calling the \(operation.name) operation: \(error.message)\n"
        FileHandle.standardError.write(Data(text.utf8))
        throw ExitCode.failure
      }
    }
  }

  private func call(_ operation: CleanRoomAPI.Operation, _ input: JSONValue) async throws -> JSONValue {
    let client = try APIClient(
      try ClientProfile.load(
        .init(profile: profile, endpoint: endpointURL, authorities: caBundle),
        environment: ProcessInfo.processInfo.environment))
    let isPaged = input["nextToken"] != nil || input["maxResults"] != nil
    guard let member = operation.list, !isPaged || maxItems != nil else {
      return try await client.call(operation, input)
    }
    return try await client.list(operation, input, member: member, limit: maxItems)
  }

  private func input() throws -> JSONValue {
    guard let text = cliInputJSON else { return .object([:]) }
    let bytes: [UInt8]
    if text == "-" {
      bytes = Array(try FileHandle.standardInput.readToEnd() ?? Data())
    } else if text.hasPrefix("file://") {
      let path = String(text.dropFirst("file://".count))
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure.report("\(path) cannot be read. Name an existing file after file://.", code: .validationFailure)
      }
      bytes = Array(data)
    } else {
      bytes = Array(text.utf8)
    }
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      throw Failure.report("--cli-input-json is not valid JSON (\(error)).", code: .validationFailure)
    }
  }
}
