import CleanRoomReport
import Foundation

/// The life of a room: started, used, looked at, stopped.
struct RunSession: Sendable {
  let room: RunRoom
  let record: RunRecording
  let progress: Progress

  /// Every daemon has ended when this returns or throws.
  func run() async throws {
    do {
      progress.say("starting \(room.daemons.count) daemons")
      try await room.start()
      try await act()
    } catch {
      await room.killAll()
      await room.close()
      throw error
    }
  }

  private func act() async throws {
    let faults = FaultInjector(room: room)
    let values = RunValues(room)
    let steps = StepRunner(room, values, faults: faults, record: record, progress: progress)
    let isMet = await steps.run()
    try Task.checkCancellation()
    let tables = await PartyTables(room).all()
    record.update { record in
      for index in record.parties.indices {
        let party = record.parties[index].id
        record.parties[index].tables = tables.filter { $0.party == party }.map(\.record)
      }
    }
    let down = ClosingChecks.down(room)
    for daemon in down where daemon.isAccident { progress.say("the daemon of \(daemon.text)") }
    await room.stop()
    try Task.checkCancellation()
    await room.close()
    if isMet { try await judge(tables, values) }
    conclude(isMet: isMet, down: down)
  }

  private func judge(_ tables: [PartyTable], _ values: RunValues) async throws {
    guard let capture = room.capture else { return }
    progress.say("searching what was captured")
    do {
      let disclosure = try await capture.judge(room, tables, texts: values.texts)
      record.update { $0.disclosure = disclosure }
    } catch {
      throw RunProblem(error.description)
    }
  }

  private func conclude(isMet: Bool, down: [ClosingChecks.Down]) {
    let ledgers = LedgerReading(room).verify()
    record.update { $0.ledgers = ledgers.map(\.record) }
    guard isMet else { return }
    let checks = ClosingChecks(room: room, ledgers: ledgers, down: down, disclosure: record.current.disclosure).run()
    for check in checks { progress.ended(check) }
    record.update { $0.checks = checks }
  }
}
