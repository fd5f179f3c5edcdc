/// What the service model says of a value: for readers of files, for editors and for documentation.
public struct ModelType: Sendable {
  public enum Form: Sendable {
    /// A union wants exactly one of its members.
    case structure(members: [String: ModelType], required: [String], isUnion: Bool)
    case list(ModelType)
    /// Of the values; keys are text.
    case map(ModelType)
    /// With the permitted values of an enumeration.
    case string(values: [String]?)
    case integer
    case number
    case boolean
    /// Whatever JSON there is.
    case any
  }

  /// The shape's name: `MemberSpecification`.
  public let name: String
  let shapes: [String: Shape]

  public var form: Form {
    guard let shape = shapes[name] else { return .any }
    switch shape.type {
    case "structure":
      return .structure(
        members: shape.members.mapValues { type($0.shape) }, required: shape.required, isUnion: shape.isUnion)
    case "list": return .list(type(shape.element))
    case "map": return .map(type(shape.element))
    case "string": return .string(values: shape.values)
    case "integer", "long": return .integer
    case "timestamp", "double", "float": return .number
    case "boolean": return .boolean
    default: return .any
    }
  }

  private func type(_ name: String) -> ModelType { ModelType(name: name, shapes: shapes) }

  /// The members of a structure; empty for other forms.
  public var members: [String: ModelType] {
    if case .structure(let members, _, _) = form { members } else { [:] }
  }
}

extension ServiceModel {
  public func inputType(of operation: Operation) -> ModelType { ModelType(name: operation.input, shapes: shapes) }

  public func outputType(of operation: Operation) -> ModelType {
    ModelType(name: OutputModel.shared.outputs[operation.name] ?? "", shapes: OutputModel.shared.shapes)
  }

  /// The body of an exception: `ValidationException`.
  public func errorType(_ name: String) -> ModelType { ModelType(name: name, shapes: OutputModel.shared.shapes) }
}

/// What operations answer. Apart from the service model, because no daemon needs it.
struct OutputModel: Sendable {
  static let shared = OutputModel()

  /// Shape by operation.
  let outputs: [String: String]
  let shapes: [String: Shape]

  private init() {
    // The text is generated and committed; a test reads it.
    let document = (try? JSONValue(parsing: Array(OutputModelText.pieces.joined().utf8))) ?? .null
    outputs = (document["outputs"]?.dictionary ?? [:]).compactMapValues(\.string)
    shapes = (document["shapes"]?.dictionary ?? [:]).mapValues(ServiceModel.shape)
  }
}
