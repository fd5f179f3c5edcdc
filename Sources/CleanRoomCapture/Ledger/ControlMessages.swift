import CleanRoomModel
import CleanRoomWire
import SwiftProtobuf

/// Whether a control message of a member is what its kind says and nothing more: it must be exactly the bytes that its
/// decoded content is encoded as.
enum ControlMessages {
  static func isExact(request kind: String, _ payload: [UInt8]) -> Bool {
    switch kind {
    case MessageKind.call: isExact(ForwardedCall.self, payload)
    case MessageKind.publishTable: isExactDocument(payload)
    case MessageKind.withdrawTable: isExact(TableWithdrawal.self, payload)
    case MessageKind.obtainSecret: isExact(SecretRequest.self, payload)
    case MessageKind.charterHistory: isExact(CharterInquiry.self, payload)
    case MessageKind.queryOutcome: isExact(QueryNotice.self, payload)
    case MessageKind.releaseFailed: isExact(ReleaseFailure.self, payload)
    default: false
    }
  }

  /// - Parameter kind: of the coordinator's request that is answered.
  static func isExact(answerTo kind: String, _ payload: [UInt8]) -> Bool {
    switch kind {
    case MessageKind.release: isExact(ReleaseAgreement.self, payload)
    case MessageKind.deliver: isExact(ResultPlacement.self, payload)
    case MessageKind.sealSecret: isExactDocument(payload)
    case MessageKind.abandon, MessageKind.publishResult, MessageKind.log: payload.isEmpty
    default: false
    }
  }

  static func isExact<Content: Codable>(_ type: Content.Type, _ bytes: [UInt8]) -> Bool {
    guard let content = try? WireJSON.decode(type, from: bytes), let again = try? WireJSON.encode(content) else {
      return false
    }
    guard let call = content as? ForwardedCall else { return again == bytes }
    return again == bytes && call.document.map(isExact) ?? true
  }

  private static func isExactDocument(_ bytes: [UInt8]) -> Bool {
    guard let document = try? WireJSON.decode(SignedDocument.self, from: bytes) else { return false }
    return isExact(SignedDocument.self, bytes) && isExact(document)
  }

  private static func isExact(_ document: SignedDocument) -> Bool {
    switch document.purpose {
    case .table: isExact(PublishedTable.self, document.payload)
    case .query: isExact(QueryRequest.self, document.payload)
    case .charter: isExact(CollaborationCharter.self, document.payload)
    case .collaborationSecret: isExact(SealedSecret.self, document.payload)
    case .analysisTemplate: isExact(AnalysisTemplate.self, document.payload)
    case .ledgerLine, .ledgerHead: false
    case .charterProposal, .charterApproval, .charterDeparture, .charterAmendment: true
    }
  }

  /// The message of a frame, if the frame holds just that.
  static func message<Message: SwiftProtobuf.Message>(_ type: Message.Type, _ body: [UInt8]) -> Message? {
    guard let message = try? Message(serializedBytes: body), let again = try? message.serializedBytes() as [UInt8],
      again == body
    else { return nil }
    return message
  }
}
