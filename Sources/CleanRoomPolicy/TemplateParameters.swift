import CleanRoomModel

extension PolicyContext {
  /// - Parameters:
  ///   - template: what the request names, its signature checked; nil for SQL that the runner wrote.
  public init(
    _ request: QueryRequest, template: AnalysisTemplate?, tables: [PublishedTable], joinsDifferentNames: Bool,
    extended: Bool
  ) {
    self.init(
      runner: request.runner, tables: tables, receivers: request.receivers, joinsDifferentNames: joinsDifferentNames,
      extended: extended, now: request.requestedAt,
      analysis: template.map { .template(arn: $0.arn, creator: $0.creator) } ?? .directQuery,
      parameters: template?.queryParameters(request.template?.parameters ?? [:]) ?? [])
  }
}

extension AnalysisTemplate {
  /// Every declared parameter with the runner's value or its default.
  public func queryParameters(_ values: [String: String]) -> [QueryParameter] {
    parameters.map { QueryParameter(name: $0.name, type: $0.type, value: values[$0.name] ?? $0.defaultValue) }
  }

  /// The names of values that belong to no parameter, sorted.
  public func unknownParameters(_ values: [String: String]) -> [String] {
    values.keys.filter { name in !parameters.contains { $0.name == name } }.sorted()
  }

  /// The names of parameters that have neither a value nor a default.
  public func missingParameters(_ values: [String: String]) -> [String] {
    queryParameters(values).filter { $0.value == nil }.map(\.name)
  }
}
