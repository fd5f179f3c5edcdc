import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import Findings

/// Any text has a verdict in every room, every approved query has one plan, and no tighter rule permits more.
@_cdecl("LLVMFuzzerTestOneInput")
public func checkOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let sql = String(validating: bytes(start, count), as: UTF8.self) else { return 0 }
  let isOpen = isApproved(sql, in: FuzzedRooms.open)
  for (name, room) in FuzzedRooms.tighter where isApproved(sql, in: room) && !isOpen {
    finding("refused in the open room and approved in the room with \(name): \(sql)")
  }
  _ = isApproved(sql, in: FuzzedRooms.template)
  return 0
}

private func isApproved(_ sql: String, in room: PolicyContext) -> Bool {
  switch QueryPolicy.check(sql: sql, in: room) {
  case .refused(let reasons):
    checkReasons(reasons, sql)
    return false
  case .approved(let query):
    let plan = QueryPlanner.plan(query, joinsDifferentNames: room.joinsDifferentNames)
    checkPlan(plan, of: query, sql)
    guard QueryPlanner.plan(query, joinsDifferentNames: room.joinsDifferentNames) == plan else {
      finding("planned in two ways: \(sql)")
    }
    return true
  }
}

private func checkReasons(_ reasons: [RefusalReason], _ sql: String) {
  if reasons.isEmpty { finding("refused without a reason: \(sql)") }
  for reason in reasons {
    if reason.message.isEmpty { finding("a reason says nothing: \(sql)") }
    if let position = reason.position, position.offset > sql.utf8.count {
      finding("a reason stands after the end of the text: \(sql)")
    }
  }
}

private func checkPlan(_ plan: QueryPlan, of query: ApprovedQuery, _ sql: String) {
  guard plan.fragments.map(\.table) == query.tables.map(\.name) else { finding("fragments of other tables: \(sql)") }
  guard !plan.combination.output.isEmpty else { finding("no output: \(sql)") }
  for (fragment, table) in zip(plan.fragments, query.tables) {
    let names = Set(table.columns.map(\.name))
    for column in fragment.columns where column.use != .presence && !names.contains(column.column) {
      finding("a column that is not published leaves its owner: \(sql)")
    }
  }
}
