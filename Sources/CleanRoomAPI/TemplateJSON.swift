import CleanRoomModel

/// Analysis templates between the API's structures and what their creators sign.
public enum TemplateJSON {
  /// - Parameter input: of CreateAnalysisTemplate, validated; `source` is a text.
  /// - Returns: the template, its identifier not made yet.
  public static func template(
    _ input: JSONValue, collaboration: CollaborationID, membership: MembershipID, creator: AccountID, region: String,
    now: Timestamp
  ) -> AnalysisTemplate {
    AnalysisTemplate(
      id: AnalysisTemplateID(bytes: [], version: 8), collaboration: collaboration, membership: membership,
      creator: creator, region: region, name: input["name"]?.string ?? "",
      sql: input["source"]?["text"]?.string ?? "", parameters: parameters(input), createdAt: now)
  }

  /// Whether a template says what the input says.
  public static func agree(_ input: JSONValue, _ template: AnalysisTemplate) -> Bool {
    template.name == input["name"]?.string && template.sql == input["source"]?["text"]?.string
      && template.parameters == parameters(input)
  }

  private static func parameters(_ input: JSONValue) -> [AnalysisTemplate.Parameter] {
    (input["analysisParameters"]?.array ?? []).map {
      .init(
        name: $0["name"]?.string ?? "", type: $0["type"]?.string ?? "", defaultValue: $0["defaultValue"]?.string)
    }
  }

  public static func json(_ parameters: [AnalysisTemplate.Parameter]) -> JSONValue {
    .array(
      parameters.map {
        .object([
          "name": .string($0.name), "type": .string($0.type), "defaultValue": $0.defaultValue.map { .string($0) },
        ])
      })
  }
}
