import CleanRoomModel

/// `PaymentConfiguration` and `MembershipPaymentConfiguration`, which look alike.
public enum PaymentJSON {
  /// Nil where none is given.
  public static func responsibility(_ value: JSONValue?) -> PaymentResponsibility? {
    guard let value, value.dictionary != nil else { return nil }
    let learning = value["machineLearning"]
    return PaymentResponsibility(
      queryCompute: isResponsible(value["queryCompute"]), modelTraining: isResponsible(learning?["modelTraining"]),
      modelInference: isResponsible(learning?["modelInference"]),
      syntheticDataGeneration: isResponsible(learning?["syntheticDataGeneration"]),
      jobCompute: isResponsible(value["jobCompute"]))
  }

  private static func isResponsible(_ cost: JSONValue?) -> Bool { cost?["isResponsible"]?.bool ?? false }

  /// Always whole, whatever was given.
  public static func json(_ payment: PaymentResponsibility) -> JSONValue {
    .object([
      "queryCompute": cost(payment.queryCompute), "jobCompute": cost(payment.jobCompute),
      "machineLearning": .object([
        "modelTraining": cost(payment.modelTraining), "modelInference": cost(payment.modelInference),
        "syntheticDataGeneration": cost(payment.syntheticDataGeneration),
      ]),
    ])
  }

  private static func cost(_ isResponsible: Bool) -> JSONValue { .object(["isResponsible": .bool(isResponsible)]) }

  /// What does not agree between a membership's configuration and what the charter makes the member responsible for.
  /// A member that pays, but does not run queries, has to say so.
  public static func problems(
    _ value: JSONValue?, of account: AccountID, in charter: CollaborationCharter, path: String
  ) -> [APIError.Field] {
    let duty = charter.payment(of: account)
    guard value?.dictionary != nil else {
      guard duty.queryCompute, !charter.allows(account, .canQuery) else { return [] }
      return [
        .init(
          name: path,
          message: "The collaboration makes this member pay for queries: confirm it with paymentConfiguration.")
      ]
    }
    let costs: [(String, [String], Bool)] = [
      ("queryCompute", ["queryCompute"], duty.queryCompute), ("jobCompute", ["jobCompute"], duty.jobCompute),
      ("machineLearning.modelTraining", ["machineLearning", "modelTraining"], duty.modelTraining),
      ("machineLearning.modelInference", ["machineLearning", "modelInference"], duty.modelInference),
      (
        "machineLearning.syntheticDataGeneration", ["machineLearning", "syntheticDataGeneration"],
        duty.syntheticDataGeneration
      ),
    ]
    return costs.compactMap { name, keys, isDue in
      let said = keys.reduce(value) { $0?[$1] }?["isResponsible"]?.bool
      guard let said, said != isDue else { return nil }
      return .init(
        name: "\(path).\(name).isResponsible",
        message: "The collaboration \(isDue ? "makes" : "does not make") this member responsible for \(name).")
    }
  }
}
