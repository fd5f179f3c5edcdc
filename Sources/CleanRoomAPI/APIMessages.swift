/// An HTTP request as far as the API cares: the target and the body are exactly the bytes that came.
public struct APIRequest: Sendable {
  public var method: String
  /// Path and query, not decoded.
  public var target: String
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// The address of the connection's other end; nil where there is no connection.
  public var source: String?

  public init(
    method: String, target: String, headers: [(name: String, value: String)], body: [UInt8], source: String? = nil
  ) {
    self.source = source
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }

  /// Without dot segments and repeated slashes, as AWS's services but S3 have it signed. Routes go by this path and no
  /// other: nothing is performed but what was signed.
  public var path: String {
    let written = target.prefix { $0 != "?" }
    var segments: [Substring] = []
    for segment in written.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let start = written.isEmpty || written.hasPrefix("/") ? "/" : ""
    let end = written.hasSuffix("/") && !segments.isEmpty ? "/" : ""
    return start + segments.joined(separator: "/") + end
  }

  public var query: String {
    guard let mark = target.firstIndex(of: "?") else { return "" }
    return String(target[target.index(after: mark)...])
  }

  /// Every value of a header, by its lower-case name.
  public func values(of name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }
}

public struct APIResponse: Sendable {
  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]

  public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  public static func success(_ operation: Operation, _ output: JSONValue, requestID: String) -> APIResponse {
    let body = operation.code == 204 ? [] : output.bytes
    return APIResponse(
      status: operation.code,
      headers: [("Content-Type", "application/json"), ("x-amzn-RequestId", requestID)], body: body)
  }
}
