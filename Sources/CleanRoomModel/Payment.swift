/// Which costs a member answers for (AWS Clean Rooms `PaymentConfiguration`). Nothing is billed here; a payer that is not
/// an active member keeps queries from running.
public struct PaymentResponsibility: Sendable, Codable, Equatable {
  public var queryCompute: Bool
  public var modelTraining: Bool
  public var modelInference: Bool
  public var syntheticDataGeneration: Bool
  public var jobCompute: Bool

  public init(
    queryCompute: Bool, modelTraining: Bool = false, modelInference: Bool = false,
    syntheticDataGeneration: Bool = false, jobCompute: Bool = false
  ) {
    self.queryCompute = queryCompute
    self.modelTraining = modelTraining
    self.modelInference = modelInference
    self.syntheticDataGeneration = syntheticDataGeneration
    self.jobCompute = jobCompute
  }
}

extension CollaborationCharter {
  /// For each kind of cost whoever the creator named; where it named nobody, who runs queries (jobs).
  public func payment(of account: AccountID) -> PaymentResponsibility {
    PaymentResponsibility(
      queryCompute: pays(account, \.queryCompute, otherwise: .canQuery),
      modelTraining: pays(account, \.modelTraining, otherwise: .canQuery),
      modelInference: pays(account, \.modelInference, otherwise: .canQuery),
      syntheticDataGeneration: pays(account, \.syntheticDataGeneration, otherwise: .canQuery),
      jobCompute: pays(account, \.jobCompute, otherwise: .canRunJob))
  }

  /// Members whose absence keeps an account's queries from running.
  public func payers(forQueriesOf runner: AccountID) -> [AccountID] {
    let named = members.filter { $0.payment?.queryCompute == true }.map(\.account)
    return named.isEmpty ? [runner] : named
  }

  private func pays(
    _ account: AccountID, _ cost: KeyPath<PaymentResponsibility, Bool>, otherwise ability: MemberAbility
  ) -> Bool {
    let isNamed = members.contains { $0.payment?[keyPath: cost] == true }
    return isNamed ? member(account)?.payment?[keyPath: cost] == true : allows(account, ability)
  }
}
