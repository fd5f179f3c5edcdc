import Dispatch
import Foundation

/// Runs what blocks on a thread of its own, not on one of the few that all tests share.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
  }
}

/// Runs a program and returns what it wrote to its standard output. It is killed after `limit`.
@discardableResult
func run(
  _ program: String, _ arguments: [String], input: String = "", keepsInputOpen: Bool = false,
  limit: DispatchTimeInterval = .seconds(40)
) async throws -> String {
  try await blocking {
    try runBlocking(program, arguments, input: input, keepsInputOpen: keepsInputOpen, limit: limit)
  }
}

private func runBlocking(
  _ program: String, _ arguments: [String], input: String, keepsInputOpen: Bool, limit: DispatchTimeInterval
) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  process.standardInput = stdin
  try process.run()
  let child = process.processIdentifier
  let killer = DispatchWorkItem { kill(child, SIGKILL) }
  DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: killer)
  defer { killer.cancel() }
  try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
  if !keepsInputOpen { try stdin.fileHandleForWriting.close() }
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return text
}
