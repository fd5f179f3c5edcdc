import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import MemberService

@Suite struct ConfiguredTableTests {
  private let daemon: TestDaemon

  init() throws { daemon = try TestDaemon() }

  private func newTable() async throws -> String {
    let created = await daemon.createTable()
    return try #require(created.json["configuredTable"]?["id"]?.string, "\(created.message)")
  }

  @Test func keepsWhatItIsGivenAndForgetsItWhenAsked() async throws {
    let created = await daemon.createTable().json["configuredTable"]
    let id = try #require(created?["id"]?.string)
    #expect(created?["tableReference"]?["glue"]?["region"]?.string == "us-east-1")
    #expect(created?["analysisRuleTypes"]?.array == [])
    #expect(created?["arn"]?.string == "arn:aws:cleanrooms:us-east-1:123456789012:configuredtable/\(id)")
    #expect(await daemon.call("GET", "/configuredTables/\(id)").json["configuredTable"] == created)
    #expect(await daemon.call("GET", "/configuredTables").json["configuredTableSummaries"]?.array?.count == 1)
    #expect(await daemon.call("DELETE", "/configuredTables/\(id)").status == 204)
    #expect(await daemon.call("GET", "/configuredTables/\(id)").status == 404)
  }

  @Test func namesWhatTheCatalogDoesNotHave() async {
    let response = await daemon.call(
      "POST", "/configuredTables",
      #"{"name":"x","tableReference":{"glue":{"databaseName":"other","tableName":"table"}},"allowedColumns":["a"],"analysisMethod":"DIRECT_QUERY"}"#
    )
    #expect(response.status == 400)
    #expect(response.json["reason"]?.string == "INVALID_CONFIGURATION")
    #expect(response.message.contains("other.table is not in the catalog"))
  }

  @Test func saysWhatIsWrongWithASource() async {
    let response = await daemon.call(
      "POST", "/configuredTables",
      #"{"name":"x","tableReference":{"glue":{"databaseName":"retail_analytics","tableName":"missing"}},"allowedColumns":["a"],"analysisMethod":"DIRECT_QUERY"}"#
    )
    #expect(response.status == 400)
    #expect(response.message.contains("nowhere.csv"))
  }

  @Test func refusesUnknownAndRepeatedColumnsAtTheirPlace() async {
    let unknown = await daemon.createTable(columns: #"["hashed_email","nothing","neither"]"#)
    #expect(unknown.fields == ["allowedColumns[1]", "allowedColumns[2]"])
    let repeated = await daemon.createTable(columns: #"["email","email"]"#)
    #expect(repeated.fields == ["allowedColumns[1]"])
    let reserved = await daemon.createTable(columns: #"["ctid"]"#)
    #expect(reserved.fields == ["allowedColumns[0]"])
  }

  @Test func otherReferencesAndMethodsAreNotAvailable() async {
    let response = await daemon.call(
      "POST", "/configuredTables",
      #"{"name":"x","tableReference":{"glue":{"databaseName":"retail_analytics","tableName":"purchases"}},"allowedColumns":["email"],"analysisMethod":"DIRECT_JOB"}"#
    )
    #expect(response.status == 400)
    #expect(response.message.contains("DIRECT_JOB is not available"))
  }

  // MARK: Rules

  private static func aggregation(
    dimensions: String = #""product_category""#, join: String = #""hashed_email""#,
    constraint: String = "hashed_email",
    sum: String = "purchase_amount"
  ) -> String {
    #"{"analysisRuleType":"AGGREGATION","analysisRulePolicy":{"v1":{"aggregation":{"aggregateColumns":[{"columnNames":["\#(sum)"],"function":"SUM"}],"joinColumns":[\#(join)],"dimensionColumns":[\#(dimensions)],"scalarFunctions":["TRUNC"],"outputConstraints":[{"columnName":"\#(constraint)","minimum":25,"type":"COUNT_DISTINCT"}]}}}}"#
  }

  @Test func keepsOneRulePerTableAsItWasGiven() async throws {
    let id = try await newTable()
    let path = "/configuredTables/\(id)/analysisRule"
    let created = await daemon.call("POST", path, Self.aggregation())
    #expect(created.status == 200, "\(created.message)")
    let given = try JSONValue(parsing: Array(Self.aggregation().utf8))["analysisRulePolicy"]
    #expect(created.json["analysisRule"]?["policy"] == given)
    #expect(await daemon.call("GET", path + "/AGGREGATION").json == created.json)
    #expect(await daemon.call("GET", path + "/LIST").status == 404)
    let second = await daemon.call("POST", path, Self.aggregation())
    #expect(second.status == 409)
    #expect(second.json["reason"]?.string == "ALREADY_EXISTS")
    let table = await daemon.call("GET", "/configuredTables/\(id)").json["configuredTable"]
    #expect(table?["analysisRuleTypes"]?.stringList == ["AGGREGATION"])
    #expect(await daemon.call("DELETE", path + "/AGGREGATION").status == 204)
    #expect(await daemon.call("GET", path + "/AGGREGATION").status == 404)
  }

  @Test func reportsEveryProblemOfARuleAtOnce() async throws {
    let id = try await newTable()
    let body = Self.aggregation(
      dimensions: #""product_category","hashed_email","purchase_amount","full_name""#,
      join: #""hashed_email","hashed_email""#,
      constraint: "customer_id", sum: "purchase_amount")
    let response = await daemon.call("POST", "/configuredTables/\(id)/analysisRule", body)
    #expect(response.status == 400)
    let root = "analysisRulePolicy.v1.aggregation."
    #expect(
      Set(response.fields) == [
        root + "joinColumns[1]", root + "dimensionColumns[1]", root + "dimensionColumns[2]",
        root + "dimensionColumns[3]", root + "outputConstraints[0].columnName",
      ])
  }

  @Test func refusesAMinimumOfOneATypeThatDoesNotAgreeAndAnyQueryOfNobody() async throws {
    let path = "/configuredTables/\(try await newTable())/analysisRule"
    let low = await daemon.call("POST", path, Self.aggregation().replacing("25", with: "1"))
    #expect(low.fields == ["analysisRulePolicy.v1.aggregation.outputConstraints[0].minimum"])
    let other = await daemon.call(
      "POST", path, Self.aggregation().replacing("\"AGGREGATION\"", with: "\"LIST\""))
    #expect(other.fields == ["analysisRulePolicy.v1"])
    let custom = await daemon.call(
      "POST", path,
      #"{"analysisRuleType":"CUSTOM","analysisRulePolicy":{"v1":{"custom":{"allowedAnalyses":["ANY_QUERY"]}}}}"#
    )
    #expect(custom.fields == ["analysisRulePolicy.v1.custom.allowedAnalysisProviders"])
  }

  @Test func sumNeedsANumber() async throws {
    let response = await daemon.call(
      "POST", "/configuredTables/\(try await newTable())/analysisRule",
      Self.aggregation(dimensions: "", sum: "product_category"))
    #expect(response.fields == ["analysisRulePolicy.v1.aggregation.aggregateColumns[0].columnNames[0]"])
  }

  @Test func aColumnThatARuleNamesStaysAllowed() async throws {
    let id = try await newTable()
    _ = await daemon.call("POST", "/configuredTables/\(id)/analysisRule", Self.aggregation())
    let response = await daemon.call(
      "PATCH", "/configuredTables/\(id)", #"{"allowedColumns":["hashed_email"]}"#)
    #expect(response.fields == ["allowedColumns"])
  }

  private static func custom(_ members: String) -> String {
    #"{"analysisRuleType":"CUSTOM","analysisRulePolicy":{"v1":{"custom":{"allowedAnalyses":[],\#(members)}}}}"#
  }

  /// A name that is misspelt would protect nothing.
  @Test func columnsOfACustomRuleAreAllowedColumns() async throws {
    let path = "/configuredTables/\(try await newTable())/analysisRule"
    let root = "analysisRulePolicy.v1.custom."
    let given = [
      #""disallowedOutputColumns":["product_category","purchase_amout"]"#: "disallowedOutputColumns[1]",
      // A column of the source that is not allowed; and names are compared exactly.
      #""disallowedOutputColumns":["full_name"]"#: "disallowedOutputColumns[0]",
      #""disallowedOutputColumns":["Purchase_Amount"]"#: "disallowedOutputColumns[0]",
      #""comparisonControls":{"allowedLiteralComparisonColumns":["categry"],"allowedColumnComparisonColumns":[]}"#:
        "comparisonControls.allowedLiteralComparisonColumns[0]",
      #""comparisonControls":{"allowedLiteralComparisonColumns":[],"allowedColumnComparisonColumns":["categry"]}"#:
        "comparisonControls.allowedColumnComparisonColumns[0]",
    ]
    for (members, name) in given {
      let response = await daemon.call("POST", path, Self.custom(members))
      #expect(response.errorType == "ValidationException" && response.fields == [root + name], "\(members)")
    }
    let right = Self.custom(#""disallowedOutputColumns":["purchase_amount"]"#)
    #expect(await daemon.call("POST", path, right).status == 200)
    let misspelt = Self.custom(#""disallowedOutputColumns":["purchase_amout"]"#)
    #expect(await daemon.call("PATCH", path + "/CUSTOM", misspelt).fields == [root + "disallowedOutputColumns[0]"])
    #expect(
      await daemon.call("GET", path + "/CUSTOM").json["analysisRule"]?["policy"]?["v1"]?["custom"]?[
        "disallowedOutputColumns"]?.stringList == ["purchase_amount"])
  }

  /// The other way round: a table keeps the columns that its rule names, also those that the rule only protects.
  @Test func aColumnThatACustomRuleProtectsStaysAllowed() async throws {
    let id = try await newTable()
    let rule = Self.custom(#""disallowedOutputColumns":["purchase_amount"]"#)
    #expect(await daemon.call("POST", "/configuredTables/\(id)/analysisRule", rule).status == 200)
    let without = #"{"allowedColumns":["hashed_email","product_category"]}"#
    let refused = await daemon.call("PATCH", "/configuredTables/\(id)", without)
    #expect(refused.errorType == "ValidationException" && refused.fields == ["allowedColumns"])
    #expect(refused.message.contains("purchase_amount"))
    #expect(await daemon.call("DELETE", "/configuredTables/\(id)/analysisRule/CUSTOM").status == 204)
    #expect(await daemon.call("PATCH", "/configuredTables/\(id)", without).status == 200)
  }

  @Test func listAndJoinColumnsDoNotOverlap() {
    let rule = AnalysisRule.list(ListRule(joinColumns: ["a"], listColumns: ["a", "b"]))
    #expect(
      RuleCheck(allowedColumns: ["a", "b"]).problems(rule).map(\.name) == [
        "analysisRulePolicy.v1.list.listColumns[0]"
      ])
  }
}
