/// An operation with its whole input in one object: path parameters, query parameters and body.
public struct RoutedRequest: Sendable {
  public let operation: Operation
  public let input: JSONValue
}

extension ServiceModel {
  /// Finds the operation and collects its input. The path is cut before it is decoded, so that an encoded slash
  /// (as in ARNs) separates nothing.
  public func route(_ request: APIRequest) throws(APIError) -> RoutedRequest {
    let segments = request.path.split(separator: "/", omittingEmptySubsequences: true)
    for operation in operations where operation.method == request.method {
      guard let parameters = Self.match(segments, operation.segments) else { continue }
      return RoutedRequest(operation: operation, input: try input(of: operation, parameters, request))
    }
    throw .unknownOperation
  }

  private static func match(_ segments: [Substring], _ template: [Substring]) -> [String: String]? {
    guard segments.count == template.count else { return nil }
    var parameters: [String: String] = [:]
    for (segment, part) in zip(segments, template) {
      if part.hasPrefix("{") {
        guard let value = PercentEncoding.decode(segment) else { return nil }
        parameters[String(part.dropFirst().dropLast())] = value
      } else if segment != part {
        return nil
      }
    }
    return parameters
  }

  private func input(of operation: Operation, _ parameters: [String: String], _ request: APIRequest)
    throws(APIError) -> JSONValue
  {
    guard let shape = shapes[operation.input] else { throw .internalError }
    var members = try Self.body(request)
    // Nothing in a body can stand for what the path or the query says: where they are silent, the member is absent.
    let query = try Self.query(request.query)
    for (name, member) in shape.members {
      switch member.location {
      case "uri": members[name] = parameters[member.locationName].map { .string($0) }
      case "querystring": members[name] = queryValue(query[member.locationName], member.shape)
      default: break
      }
    }
    return .dictionary(members)
  }

  private func queryValue(_ values: [String]?, _ shapeName: String) -> JSONValue? {
    guard let values, let first = values.first else { return nil }
    switch shapes[shapeName]?.type {
    case "list": return .strings(values)
    case "integer", "long": return Int64(first).map { .integer($0) } ?? .string(first)
    default: return .string(first)
    }
  }

  private static func body(_ request: APIRequest) throws(APIError) -> [String: JSONValue] {
    guard !request.body.isEmpty else { return [:] }
    do {
      if case .dictionary(let members) = try JSONValue(parsing: request.body) { return members }
      throw APIError.validation("The request body is not a JSON object.", reason: "FIELD_VALIDATION_FAILED")
    } catch let error as JSONError {
      throw .validation(message(for: error), reason: "FIELD_VALIDATION_FAILED")
    } catch let error as APIError {
      throw error
    } catch {
      throw .internalError
    }
  }

  private static func message(for error: JSONError) -> String {
    switch error {
    case .malformed(let offset): "The request body is not valid JSON (byte \(offset))."
    case .notUTF8: "The request body is not valid UTF-8."
    case .duplicateKey: "The request body names a member twice."
    case .tooDeep: "The request body is nested too deeply."
    }
  }

  private static func query(_ text: String) throws(APIError) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(parts[0]),
        let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "")
      else { throw .validation("The query string is not well formed.", reason: "FIELD_VALIDATION_FAILED") }
      result[name, default: []].append(value)
    }
    return result
  }
}

/// Percent-encoding of RFC 3986, as Signature Version 4 wants it: everything but the unreserved characters.
enum PercentEncoding {
  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
  }

  /// Nil for a broken escape, or bytes that are not UTF-8.
  static func decode(_ text: Substring) -> String? {
    var output: [UInt8] = []
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        output.append(byte)
        continue
      }
      guard let high = bytes.popFirst().flatMap(hex), let low = bytes.popFirst().flatMap(hex) else { return nil }
      output.append(high << 4 | low)
    }
    return String(validating: output, as: UTF8.self)
  }

  private static func hex(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
  }
}
