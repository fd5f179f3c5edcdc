import CleanRoomAPI
import CleanRoomModel
import CleanRoomPolicy
import CleanRoomSQL

/// Whether a template can be signed, and whether values fit its parameters. Parameter names count without regard to
/// case; no value is ever repeated in a message.
enum TemplateCheck {
  static func problems(_ template: AnalysisTemplate) -> [APIError.Field] {
    declarations(template.parameters) + text(template)
  }

  /// What a runner gives the parameters of a template.
  static func problems(_ values: [String: String], of template: AnalysisTemplate) -> [APIError.Field] {
    template.unknownParameters(values).map {
      field("sqlParameters.parameters.\($0)", "The analysis template has no parameter \($0).")
    }
      + template.missingParameters(values).map {
        field("sqlParameters.parameters.\($0)", "Parameter \($0) has no default. Give it a value.")
      }
      + template.queryParameters(values).compactMap { parameter in
        unreadable(parameter).map { field("sqlParameters.parameters.\(parameter.name)", $0) }
      }
  }

  private static func declarations(_ parameters: [AnalysisTemplate.Parameter]) -> [APIError.Field] {
    let names = parameters.map { $0.name.lowercased() }
    return names.indices.filter { names[..<$0].contains(names[$0]) }.map {
      field("analysisParameters[\($0)].name", "Parameter \(parameters[$0].name) is declared twice.")
    }
      + parameters.enumerated().compactMap { index, parameter in
        let value = QueryParameter(name: parameter.name, type: parameter.type, value: parameter.defaultValue)
        return unreadable(value).map { field("analysisParameters[\(index)]", $0) }
      }
  }

  private static func unreadable(_ parameter: QueryParameter) -> String? {
    switch ParameterReader.read(parameter) {
    case .value, .missing: nil
    case .wrong: "The value of parameter \(parameter.name) is not one of its type \(parameter.type)."
    case .unavailable:
      "Parameter \(parameter.name) has the type \(parameter.type), which is not available in this version."
    }
  }

  private static func text(_ template: AnalysisTemplate) -> [APIError.Field] {
    do throws(SyntaxError) {
      _ = try SQLParser.parse(template.sql)
      let used = try SQLParser.parameterNames(in: template.sql)
      let declared = template.parameters.map { $0.name.lowercased() }
      return used.filter { !declared.contains($0) }.map {
        field("source.text", "The text uses :\($0), which analysisParameters does not declare.")
      }
        + declared.indices.filter { !used.contains(declared[$0]) }.map {
          field(
            "analysisParameters[\($0)].name", "The text does not use the parameter \(template.parameters[$0].name).")
        }
    } catch {
      let place = "line \(error.position.line), column \(error.position.column)"
      return [field("source.text", "\(error.message) (\(place))")]
    }
  }

  private static func field(_ name: String, _ message: String) -> APIError.Field { .init(name: name, message: message) }
}
