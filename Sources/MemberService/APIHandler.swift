import CleanRoomAPI
import CleanRoomModel
import Foundation
import Logging

/// From the bytes of a request to those of its response: who asks comes first, so that nobody else learns anything,
/// not even which operations there are.
struct APIHandler: Sendable {
  let api: MemberAPI
  let credentials: Credentials
  /// Nil for no limit.
  let rate: RequestRate?
  let logger: Logger
  let clock: @Sendable () -> Timestamp
  /// A query of 500,000 characters fits, however it is escaped.
  static let bodyLimit = 4 << 20

  /// - Parameter request: nil when its body was too large to read.
  func respond(to request: APIRequest?) async -> APIResponse {
    let began = ContinuousClock.now
    var note = RequestNote()
    let response: APIResponse
    do {
      guard let request else { throw APIError.tooLarge(Self.bodyLimit) }
      response = try await answer(request, &note)
    } catch let error as APIError {
      note.error = error
      response = error.response(requestID: note.requestID)
    } catch {
      // The type names no value; the error itself might.
      logger.error(
        "unforeseen error", metadata: ["requestId": "\(note.requestID)", "type": "\(type(of: error))"])
      note.error = .internalError
      response = APIError.internalError.response(requestID: note.requestID)
    }
    logger.info(
      "request",
      metadata: note.fields(
        account: api.account, region: api.region, request: request, status: response.status,
        duration: ContinuousClock.now - began))
    return response
  }

  private func answer(_ request: APIRequest, _ note: inout RequestNote) async throws -> APIResponse {
    let now = clock()
    let accessKey = try credentials.verify(request, now: now)
    note.accessKey = accessKey
    try rate?.admit(accessKey)
    let routed = try ServiceModel.shared.route(request)
    note.operation = routed.operation
    note.input = routed.input
    let input = try ServiceModel.shared.validate(routed.input, for: routed.operation, mode: api.mode)
    let output = try await api.perform(APICall(operation: routed.operation, input: input, now: now))
    return .success(routed.operation, output, requestID: note.requestID)
  }
}
