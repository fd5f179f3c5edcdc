import CleanRoomModel
import CleanRoomWire
import Crypto

/// An analysis template's identifier vouches for its content: it is made from the content's hash. A rule that names the
/// ARN permits one text, whoever passes the template on, its creator included.
public enum TemplateSignature {
  /// The template with the identifier that belongs to it (a version 8 UUID, RFC 9562, of the first bits of the hash).
  public static func identified(_ template: AnalysisTemplate) throws -> AnalysisTemplate {
    var result = template
    result.id = try made(from: template)
    return result
  }

  private static func made(from template: AnalysisTemplate) throws -> AnalysisTemplateID {
    var nameless = template
    nameless.id = AnalysisTemplateID(bytes: [UInt8](repeating: 0, count: 16), version: 8)
    let hash = SHA256.hash(data: Array("cleanroom/template-id/1".utf8) + [0] + (try WireJSON.encode(nameless)))
    return AnalysisTemplateID(bytes: Array(hash.prefix(16)), version: 8)
  }

  fileprivate static func isOwn(_ template: AnalysisTemplate) -> Bool { (try? made(from: template)) == template.id }
}

extension TrustStore {
  /// Nil unless the template's creator, a member of the collaboration, signed exactly this and has named it after its
  /// content. The signature counts as of the creation: templates outlive certificates.
  public func analysisTemplate(_ document: SignedDocument, charter: CollaborationCharter) -> AnalysisTemplate? {
    guard let template = try? WireJSON.decode(AnalysisTemplate.self, from: document.payload),
      let signer = try? verify(document, purpose: .analysisTemplate, at: template.createdAt),
      signer.role == .member(template.creator), charter.member(template.creator) != nil,
      template.collaboration == charter.id, TemplateSignature.isOwn(template)
    else { return nil }
    return template
  }

  /// The template that a query names; nil for a query that names none.
  /// - Throws: `TemplateProblem` unless the document is that template and the query has its text and only its
  ///   parameters.
  public func template(
    _ document: SignedDocument?, of request: QueryRequest, charter: CollaborationCharter
  ) throws(TemplateProblem) -> AnalysisTemplate? {
    guard let requested = request.template else { return nil }
    guard let document, let template = analysisTemplate(document, charter: charter) else {
      throw TemplateProblem(
        "The query's analysis template does not carry a valid signature of a member of the collaboration.")
    }
    guard template.arn == requested.arn else {
      throw TemplateProblem("The analysis template is not the one that the runner signed.")
    }
    guard template.sql == request.sql else {
      throw TemplateProblem("The query's text is not that of its analysis template.")
    }
    let declared = Set(template.parameters.map(\.name))
    guard declared.isSuperset(of: requested.parameters.keys) else {
      throw TemplateProblem("The query gives a value to a parameter that its analysis template does not declare.")
    }
    return template
  }
}

/// Why a query's template is not believed, in words for the other organizations.
public struct TemplateProblem: Error, Sendable, Equatable {
  public let reason: String

  init(_ reason: String) { self.reason = reason }
}
