import CleanRoomAPI
import CleanRoomDaemon
import CleanRoomModel
import Foundation

/// Calls the API of a member daemon: signed with Signature Version 4, over verified TLS.
public struct APIClient: Sendable {
  private let profile: ClientProfile
  private let exchange: HTTPExchange

  /// - Throws: `ConfigurationError` when the CA bundle cannot be used.
  public init(_ profile: ClientProfile) throws(ConfigurationError) {
    self.profile = profile
    exchange = try HTTPExchange(profile.endpoint, authorities: profile.authorities)
  }

  /// - Returns: the output; an empty object where the operation has none.
  /// - Throws: `APIError` as the service answered, `ClientError` when it did not.
  public func call(_ operation: CleanRoomAPI.Operation, _ input: JSONValue) async throws -> JSONValue {
    let request: APIRequest
    do {
      request = try ServiceModel.shared.request(operation, input: input)
    } catch {
      throw ClientError.badInput(error.message)
    }
    let response = try await exchange.perform(signed(request, at: Date()))
    return try Self.output(response)
  }

  /// Follows the pages of a list.
  /// - Parameter limit: at most so many elements; all when nil.
  public func list(_ operation: CleanRoomAPI.Operation, _ input: JSONValue, member: String, limit: Int?) async throws
    -> JSONValue
  {
    var elements: [JSONValue] = []
    var input = input
    while true {
      var output = try await call(operation, input)
      elements += output[member]?.array ?? []
      let next = output["nextToken"]
      if let limit, elements.count >= limit {
        output[member] = .array(Array(elements.prefix(limit)))
        output["nextToken"] = nil
        return output
      }
      guard let next, next != .null, next != input["nextToken"] else {
        output[member] = .array(elements)
        return output
      }
      input["nextToken"] = next
    }
  }

  func signed(_ request: APIRequest, at date: Date) -> APIRequest {
    var request = request
    request.headers.append(("Host", profile.endpoint.authority))
    if let token = profile.sessionToken { request.headers.append(("X-Amz-Security-Token", token)) }
    let signer = RequestSigner(accessKey: profile.accessKey, secret: profile.secret, region: profile.region)
    return signer.sign(request, time: Self.time(date))
  }

  /// `20251124T120000Z`.
  static func time(_ date: Date) -> String {
    let style = Date.ISO8601FormatStyle(
      dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZoneSeparator: .omitted,
      includingFractionalSeconds: false, timeZone: .gmt)
    return date.formatted(style)
  }

  private static func output(_ response: APIResponse) throws -> JSONValue {
    let isSuccess = (200..<300).contains(response.status)
    guard !response.body.isEmpty || !isSuccess else { return .object([:]) }
    guard let body = try? JSONValue(parsing: response.body), body.dictionary != nil else {
      throw ClientError.notTheAPI("The endpoint answered with status \(response.status) and no JSON object.")
    }
    guard !isSuccess else { return body }
    let type = response.headers.first { $0.name.lowercased() == "x-amzn-errortype" }?.value ?? body["__type"]?.string
    guard let type, let error = APIError(type: type, status: response.status, body: body) else {
      throw ClientError.notTheAPI("The endpoint answered with status \(response.status) and no error type.")
    }
    throw error
  }
}
