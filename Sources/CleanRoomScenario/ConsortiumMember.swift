import CleanRoomModel

/// An organization of a consortium that is to be made: `ACCOUNT:NAME`.
public struct ConsortiumMember: Sendable, Equatable {
  public let account: AccountID
  public let name: String

  /// Nil unless the text is a 12-digit account, a colon, and a name of 1 to 100 printable characters.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let account = AccountID(String(parts[0])) else { return nil }
    let name = String(parts[1])
    guard (1...100).contains(name.unicodeScalars.count), name.contains(where: { !$0.isWhitespace }),
      name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else { return nil }
    self.account = account
    self.name = name
  }

  /// The AWS profile: the name in lower case, words joined by `-`; the account where nothing usable remains.
  public var profile: String {
    let words = name.lowercased().split { !($0.isLetter || $0.isNumber) || !$0.isASCII }
    return words.isEmpty ? account.value : words.joined(separator: "-")
  }
}
