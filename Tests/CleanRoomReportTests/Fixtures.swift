import CleanRoomReport

/// Records of runs that a report has to stand.
enum Fixtures {
  static let all: [(name: String, record: RunRecord)] = [
    ("retail", RetailFixture.record), ("minimal", minimal), ("failed", failed), ("consortium", consortium),
    ("hostile", hostile()),
  ]

  static let minimal = RunRecord(
    title: "Nothing yet", story: "", file: "empty.yaml", fileSHA256: "", seed: 0, versions: [:], startedAt: 0)

  /// An expectation that was not met, a query that failed, a leak, and steps that were not reached.
  static let failed: RunRecord = {
    var record = RetailFixture.record
    record.title = "Coordinator that lies, and a member that crashes"
    record.steps = record.steps.map { step in
      var step = step
      if step.number == "9" {
        step.outcome = .unmet
        step.expected = "rows: 12"
        step.seen = "rows: 11"
        step.query?.status = "FAILED"
        step.query?.error = "Member 987654321098 (AdTech Partner) was not reachable within 30 s."
        step.query?.result = nil
        step.query?.released.removeLast()
      }
      if ["11", "12", "13"].contains(step.number) {
        step.outcome = .notRun
        step.answer = ""
        step.seconds = 0
        step.query = nil
      }
      return step
    }
    record.checks = [
      CheckRecord(name: "Ledgers intact", outcome: .unmet, detail: "partner: line 4 does not follow line 3"),
      CheckRecord(name: "Daemons running", outcome: .notRun, detail: ""),
    ]
    record.ledgers[1].isIntact = false
    record.isIsolated = false
    record.disclosure?.findings = [
      FindingRecord(
        party: "partner", table: "ad_impressions", column: "device_id", encoding: "base64",
        place: "sent by partner, connection 3, byte 18 204")
    ]
    record.disclosure?.unlisted = ["partner sent a batch of 4 096 rows on connection 3 that its ledger does not list."]
    return record
  }()

  /// Ten parties; not captured.
  static let consortium: RunRecord = {
    let countries = [
      "Austria", "Belgium", "Croatia", "Denmark", "Estonia", "Finland", "Greece", "Hungary", "Ireland", "Italy",
    ]
    let parties = countries.enumerated().map { index, country in
      PartyRecord(
        id: "bank\(index)", account: String(100_000_000_000 + index), name: "First Cooperative Bank of \(country)",
        abilities: index == 0 ? ["CAN_QUERY", "CAN_RECEIVE_RESULTS"] : [],
        tables: [
          TableRecord(
            name: "exposures", rows: 20_000 + index * 1311,
            columns: (0..<(12 + index * 3)).map { ColumnRecord(name: "c\($0)", isAllowed: $0 < 4) }, rule: "CUSTOM")
        ])
    }
    let query = QueryRecord(
      id: "11111111-2222-4333-8444-555555555555",
      sql: "SELECT sector, COUNT(DISTINCT counterparty) AS counterparties FROM all_exposures GROUP BY sector",
      runner: "bank0", receivers: ["bank0"], isPermitted: true,
      thresholds: [ThresholdRecord(table: "exposures", column: "counterparty", minimum: 5)],
      released: parties.enumerated().map { index, party in
        ReleaseRecord(
          party: party.id, table: "exposures",
          columns: [RetailSteps.token("counterparty"), RetailSteps.value("sector"), RetailSteps.value("exposure")],
          rows: 20_000 + index * 1311, bytes: 480_000 + index * 91_000)
      }, status: "SUCCESS",
      result: ResultRecord(
        columns: ["year", "sector", "change", "counterparties"],
        rows: (0..<40).map { ["\(2016 + $0 / 4)", "Sector \($0 % 4)", "\(($0 % 7) - 3).5", "\(40 + $0)"] },
        totalRows: 40))
    return RunRecord(
      title: "Shared counterparties of ten banks",
      story: "Ten banks look for counterparties that several of them hold.",
      file: "banks.yaml", fileSHA256: "00", seed: 1, versions: ["cleanroom": "1.0.0"], startedAt: 1_700_000_000,
      seconds: 71, parties: parties,
      steps: [
        StepRecord(
          number: "1", kind: .call, title: "Counterparties per sector", party: "bank0",
          operation: "StartProtectedQuery",
          outcome: .met, answer: "SUCCESS", seconds: 61.4, query: query)
      ])
  }()

  static let attack =
    #"</title></code></style><script>alert("x")</script><img src=x onerror='y'>"# + "\u{202E}\u{0}&amp;"

  /// The rich record with an attack in every text: its coded form is walked, so that no member is forgotten.
  static func hostile(_ attack: String = Fixtures.attack) -> RunRecord {
    Hostile.everyText(of: RetailFixture.record, attack)
  }
}
