import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

@Suite struct AnswersTests {
  private func context(_ account: AccountID) throws -> CallContext {
    CallContext(
      operation: try #require(ServiceModel.shared.operation(named: "GetProtectedQuery")), caller: account,
      region: "eu-west-1", document: nil, extended: true, now: Timestamp(milliseconds: 0))
  }

  private func succeeded(_ output: RequestedOutput) -> QueryRecord {
    var record = QueryLifeTests.record(output: output)
    _ = record.apply(.started, at: Timestamp(milliseconds: 1_000))
    record.isCommitted = true
    record.placed = record.request.receivers.map {
      PlacedResult(account: $0, location: "s3://of-\($0)/x.csv")
    }
    _ = record.apply(.succeeded, at: Timestamp(milliseconds: 3_500))
    return record
  }

  private static let place = ResultLocation(bucket: "my-results", keyPrefix: "a/b", resultFormat: .csv)

  @Test func aRunningQueryHasNeitherStatisticsNorResult() throws {
    let record = QueryLifeTests.record()
    let answer = Answers.query(record, try context(Accounts.retailer))
    #expect(
      Set(answer.dictionary?.keys.map { $0 } ?? [])
        == [
          "id", "membershipId", "membershipArn", "createTime", "status", "sqlParameters",
          "resultConfiguration",
        ])
    #expect(answer["status"]?.string == "SUBMITTED")
    #expect(
      answer["membershipArn"]?.string
        == "arn:aws:cleanrooms:eu-west-1:123456789012:membership/\(record.membership)")
  }

  @Test func anEndedQueryHasStatistics() throws {
    let answer = Answers.query(
      succeeded(RequestedOutput(kind: .s3, s3: Self.place, members: [])), try context(Accounts.retailer))
    #expect(answer["statistics"]?["totalDurationInMillis"]?.int == 3_500)
    #expect(answer["result"]?["output"]?["s3"]?["location"]?.string == "s3://of-123456789012/x.csv")
    #expect(answer["error"] == nil)
  }

  @Test func theRunnerSeesOtherReceiversWithoutTheirPlaces() throws {
    let record = succeeded(RequestedOutput(kind: .distribute, s3: Self.place, members: [Accounts.partner]))
    let answer = Answers.query(record, try context(Accounts.retailer))
    let output = answer["result"]?["output"]?["distribute"]
    #expect(output?["s3"]?["location"]?.string == "s3://of-123456789012/x.csv")
    #expect(output?["memberList"]?.array == [.object(["accountId": .string(Accounts.partner.value)])])
    #expect(!answer.text.contains("of-987654321098"))
    #expect(
      answer["resultConfiguration"]?["outputConfiguration"]?["distribute"]?["locations"]?.array?.count == 2)
  }

  @Test func aReceiverSeesItsOwnPlaceAndNotTheText() throws {
    let record = succeeded(RequestedOutput(kind: .distribute, s3: Self.place, members: [Accounts.partner]))
    let answer = Answers.query(record, try context(Accounts.partner))
    #expect(answer["result"]?["output"]?["s3"]?["location"]?.string == "s3://of-987654321098/x.csv")
    #expect(!answer.text.contains("SELECT") && !answer.text.contains("my-results"))
    #expect(!answer.text.contains("of-123456789012"))
  }

  @Test func aMemberOutputIsAMemberList() throws {
    let record = succeeded(RequestedOutput(kind: .member, members: [Accounts.partner]))
    let answer = Answers.query(record, try context(Accounts.retailer))
    #expect(answer["result"]?["output"]?["memberList"]?.array?.count == 1)
    #expect(
      answer["resultConfiguration"]?["outputConfiguration"]?["member"]?["accountId"]?.string
        == Accounts.partner.value)
  }

  @Test func aFailureIsNamed() throws {
    var record = QueryLifeTests.record()
    _ = record.apply(
      .failed(QueryFailure(code: .memberUnavailable, message: "Away.")), at: Timestamp(milliseconds: 9))
    let answer = Answers.query(record, try context(Accounts.retailer))
    #expect(answer["error"]?["code"]?.string == "MEMBER_UNAVAILABLE")
    #expect(answer["error"]?["message"]?.string == "Away.")
    #expect(answer["result"] == nil)
  }

  @Test func summariesNameReceiversAndNoText() throws {
    let summary = Answers.querySummary(QueryLifeTests.record(), try context(Accounts.retailer))
    let details = summary["receiverConfigurations"]?.array?.first?["configurationDetails"]
    #expect(
      details?["directAnalysisConfigurationDetails"]?["receiverAccountIds"]?.stringList == [
        Accounts.retailer.value
      ])
    #expect(!summary.text.contains("SELECT"))
  }
}
