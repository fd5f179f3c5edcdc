import CleanRoomAPI
import CleanRoomModel
import Testing

@testable import CoordinatorService

/// Who pays is fixed by the charter; queries wait until whoever pays is there.
@Suite struct PaymentTests {
  private func charter(payer: AccountID? = Accounts.third) -> CollaborationCharter {
    var charter = TestRoom.charter()
    for index in charter.members.indices where charter.members[index].account == payer {
      charter.members[index].payment = PaymentResponsibility(queryCompute: true)
    }
    return charter
  }

  private func join(_ room: TestRoom, _ account: AccountID, pays: Bool?) async throws {
    try await room.coordinator.call(
      "CreateMembership",
      .object([
        "collaborationIdentifier": .string(room.id.value), "queryLogStatus": .string("ENABLED"),
        "paymentConfiguration": pays.map {
          .object(["queryCompute": .object(["isResponsible": .bool($0)])])
        },
      ]), from: account)
  }

  @Test func whoeverIsNamedPaysAndNobodyElse() {
    let charter = charter()
    #expect(charter.payment(of: Accounts.third).queryCompute)
    #expect(!charter.payment(of: Accounts.retailer).queryCompute)
    #expect(charter.payers(forQueriesOf: Accounts.retailer) == [Accounts.third])
  }

  @Test func whereNobodyIsNamedTheRunnerPays() {
    let charter = charter(payer: nil)
    #expect(charter.payment(of: Accounts.retailer).queryCompute)
    #expect(!charter.payment(of: Accounts.partner).queryCompute)
    #expect(charter.payers(forQueriesOf: Accounts.retailer) == [Accounts.retailer])
  }

  @Test(arguments: [nil, false]) func aPayerConfirmsThatItPays(says: Bool?) async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [], charter: charter())
    let error = await apiError { try await join(room, Accounts.third, pays: says) }
    #expect(error?.status == 400)
    try await join(room, Accounts.third, pays: true)
  }

  @Test func nobodyPaysUnasked() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [], charter: charter())
    #expect(await apiError { try await join(room, Accounts.partner, pays: true) }?.status == 400)
    try await join(room, Accounts.partner, pays: false)
  }

  @Test func queriesWaitForWhoeverPays() async throws {
    let room = try await TestRoom(try TestCoordinator(), joining: [Accounts.partner], charter: charter())
    try await room.publishBoth()
    let error = await apiError { try await room.start(room.request()) }
    #expect(error?.status == 400)
    #expect(error?.message.contains("\(Accounts.third), which pays for queries") == true)
    try await join(room, Accounts.third, pays: true)
    try await room.start(room.request())
  }
}
