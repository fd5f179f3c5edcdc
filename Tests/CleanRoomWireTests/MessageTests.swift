import CleanRoomModel
import Testing

@testable import CleanRoomWire

@Suite struct MessageTests {
  @Test func equalMessagesHaveEqualBytes() throws {
    let columns = [ResultColumnDescription(name: "a/b", type: .decimal(precision: 12, scale: 2))]
    let bytes = try WireJSON.encode(columns)
    #expect(String(decoding: bytes, as: UTF8.self) == #"[{"name":"a/b","type":"decimal(12,2)"}]"#)
    #expect(try WireJSON.decode([ResultColumnDescription].self, from: bytes) == columns)
  }

  @Test func columnContentsComeBack() throws {
    let header = ReleaseHeader(
      table: "purchases",
      columns: [
        ColumnDescription(name: "k", content: .token),
        ColumnDescription(name: "v", content: .value(.timestamp)),
      ])
    let decoded = try WireJSON.decode(ReleaseHeader.self, from: try WireJSON.encode(header))
    #expect(decoded.columns == header.columns && decoded.table == header.table)
  }

  @Test(arguments: ["", "{", "[]", "{\"query\": \"not a uuid\"}", "{\"query\": 7}"])
  func whatIsNoMessageIsRefused(text: String) {
    #expect(throws: (any Error).self) { try WireJSON.decode(QueryNotice.self, from: Array(text.utf8)) }
  }

  @Test func sealingIsBoundToQueryAndReceiver() throws {
    let query = try #require(QueryID("00000000-0000-0000-0000-000000000001"))
    let other = try #require(QueryID("00000000-0000-0000-0000-000000000002"))
    let (first, second) = (try #require(AccountID("111111111111")), try #require(AccountID("222222222222")))
    let infos = [
      ResultSealing.info(query: query, receiver: first), ResultSealing.info(query: query, receiver: second),
      ResultSealing.info(query: other, receiver: first),
    ]
    #expect(Set(infos).count == 3)
  }
}
