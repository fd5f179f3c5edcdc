import CleanRoomModel

/// A file in AWS's shared-credentials format: profiles with an access key and a secret each.
public enum CredentialsFile {
  public struct Problem: Error, Sendable, Equatable {
    public let line: Int
    public let message: String
  }

  /// - Returns: secret by access key.
  public static func parse(_ text: String) throws(Problem) -> [String: Secret<String>] {
    var result: [String: Secret<String>] = [:]
    var accessKey: String?
    var secret: String?
    var hasProfile = false
    func close(_ line: Int) throws(Problem) {
      guard hasProfile else { return }
      guard let key = accessKey, let value = secret else {
        throw Problem(line: line, message: "a profile needs aws_access_key_id and aws_secret_access_key")
      }
      guard result.updateValue(Secret(value), forKey: key) == nil else {
        throw Problem(line: line, message: "an access key occurs twice")
      }
      (accessKey, secret) = (nil, nil)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let trimmed = line.trimmingBlanks()
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      if trimmed.hasPrefix("["), trimmed.hasSuffix("]") {
        try close(index + 1)
        hasProfile = true
        continue
      }
      let pair = trimmed.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks() }
      guard hasProfile, pair.count == 2 else {
        throw Problem(line: index + 1, message: "expected [profile] or name = value")
      }
      switch pair[0] {
      case "aws_access_key_id": accessKey = String(pair[1])
      case "aws_secret_access_key": secret = String(pair[1])
      default:
        throw Problem(line: index + 1, message: "only aws_access_key_id and aws_secret_access_key are known here")
      }
    }
    try close(lines.count)
    guard !result.isEmpty else { throw Problem(line: 1, message: "the file holds no access key") }
    return result
  }
}

extension Substring {
  fileprivate func trimmingBlanks() -> Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
    var slice = drop(while: isBlank)
    while let last = slice.last, isBlank(last) { slice.removeLast() }
    return slice
  }
}
