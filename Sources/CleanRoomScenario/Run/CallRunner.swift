import CleanRoomAPI
import CleanRoomClient
import CleanRoomReport

/// Makes calls of the API as parties and compares what comes with what is expected.
struct CallRunner: Sendable {
  let room: RunRoom
  let values: RunValues

  /// Throws only what has no answer at all.
  func run(_ step: APIStep) async throws -> StepEnd {
    let input = try References.resolve(step.input, values.current)
    let expectation = try References.resolve(step.expectation, values.current)
    values.say(input)
    if step.operation.name == "StartProtectedQuery" {
      return try await QueryRunner(calls: self, step: step, input: input, expectation: expectation).run()
    }
    let output: JSONValue
    do {
      output = try await answer(step, input)
    } catch let error as APIError {
      return StepEnd(answer: StepText.refusal(error), mismatch: ExpectationCheck.refusal(error, expectation))
    }
    if let mismatch = ExpectationCheck.answer(output, expectation) {
      return StepEnd(answer: "answered", mismatch: mismatch)
    }
    return StepEnd(answer: "", mismatch: save(step, from: output))
  }

  func client(_ party: String) throws -> APIClient {
    guard let client = room.clients[party] else { throw RunProblem("There is no party \(party).") }
    return client
  }

  private func answer(_ step: APIStep, _ input: JSONValue) async throws -> JSONValue {
    guard let until = step.until else { return try await client(step.party).call(step.operation, input) }
    let wanted = try until.values.map { try References.resolve($0, values.current) }
    return try await poll {
      let output = try await client(step.party).call(step.operation, input)
      return until.path.value(in: output).map(wanted.contains) == true ? output : nil
    }
  }

  /// Asks again, at growing intervals, until there is an answer; a daemon that is down or cut off may come back. Ends
  /// with the step's time limit.
  func poll<Answer>(_ ask: () async throws -> Answer?) async throws -> Answer {
    var pause = Duration.milliseconds(20)
    while true {
      do {
        if let answer = try await ask() { return answer }
      } catch let error as APIError where error.status < 500 && error.status != 429 {
        throw error
      } catch is APIError {
      } catch ClientError.unreachable {
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 1.5, .milliseconds(500))
    }
  }

  func save(_ step: APIStep, from output: JSONValue) -> Mismatch? {
    for (name, path) in step.save {
      guard let value = path.value(in: output) else {
        return Mismatch(expected: "a value at \(path), to be saved as \(name)", seen: "an answer without it")
      }
      values.save(value, as: name)
    }
    return nil
  }
}
