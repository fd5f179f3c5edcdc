import CleanRoomAPI
import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import MemberService

/// An explanation for programs.
enum ExplanationJSON {
  static func text(_ explanation: QueryExplanation) -> String {
    var members: [String: JSONValue?] = [
      "sql": .string(explanation.sql), "verdict": .string(explanation.isPermitted ? "PERMITTED" : "REFUSED"),
      "runner": .string(explanation.runner.value), "receivers": .strings(explanation.receivers.map(\.value)),
      "reasons": .array(reasons(explanation)), "tables": .array(explanation.tables.map(table)),
      "tablesWithoutSignature": .integer(Int64(explanation.unsigned)),
      "askedAt": .number(explanation.askedAt.seconds),
    ]
    if case .approved(let query) = explanation.verdict, let plan = explanation.plan {
      members["releases"] = .array(plan.fragments.map(release))
      members["thresholds"] = .array(query.thresholds.map { threshold($0, query) })
      members["extensions"] = .strings(query.extensions.map(\.rawValue))
      members["combination"] = .string(plan.combination.sql)
      members["output"] = .array(
        plan.combination.output.map { .object(["name": .string($0.name), "type": .string("\($0.type)")]) })
    }
    return JSONValue.object(members).text
  }

  private static func reasons(_ explanation: QueryExplanation) -> [JSONValue] {
    var reasons = explanation.missingAbilities.map {
      JSONValue.object(["code": .string("abilityMissing"), "message": .string($0)])
    }
    if case .refused(let refusals) = explanation.verdict {
      reasons += refusals.map { reason in
        .object([
          "code": .string(reason.code.rawValue), "message": .string(reason.message),
          "line": reason.position.map { .integer(Int64($0.line)) },
          "column": reason.position.map { .integer(Int64($0.column)) },
        ])
      }
    }
    return reasons
  }

  private static func release(_ fragment: Fragment) -> JSONValue {
    .object([
      "owner": .string(fragment.owner.value), "table": .string(fragment.table),
      "columns": .array(
        fragment.columns.map { column in
          .object([
            "name": .string(column.column), "type": .string("\(column.type)"),
            "as": .string(column.use.kind.uppercased()),
          ])
        }), "sql": .string(fragment.sql(relation: fragment.table)),
    ])
  }

  private static func threshold(_ threshold: Threshold, _ query: ApprovedQuery) -> JSONValue {
    .object([
      "table": .string(query.tables[threshold.column.table].name), "column": .string(threshold.column.name),
      "minimum": .integer(Int64(threshold.minimum)),
    ])
  }

  private static func table(_ table: PublishedTable) -> JSONValue {
    .object([
      "name": .string(table.name), "owner": .string(table.owner.value),
      "ruleType": (table.rule?.type.rawValue).map { .string($0) }, "updateTime": .number(table.updatedAt.seconds),
      "unavailable": table.unavailable.map { .string($0) },
    ])
  }
}
