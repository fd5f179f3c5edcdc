import Dispatch
import Foundation

/// Runs a program and returns what it wrote to its standard output. It is killed after `limit`.
func run(
  _ program: String, _ arguments: [String], input: String = "", keepsInputOpen: Bool = false,
  limit: DispatchTimeInterval = .seconds(10)
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
