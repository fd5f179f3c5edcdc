/// Finds the keyword that a word is.
struct KeywordTable: Sendable {
  /// Up to 24 bytes of a word, folded to lower case.
  struct Key: Sendable, Equatable {
    private var low: UInt64 = 0
    private var middle: UInt64 = 0
    private var high: UInt64 = 0

    init() {}

    init(_ word: String) { for byte in word.utf8 { append(byte) } }

    /// No longer word is a keyword, and none has a zero byte: what falls out at the top does not matter then.
    mutating func append(_ byte: UInt8) {
      high = high << 8 | middle >> 56
      middle = middle << 8 | low >> 56
      low = low << 8 | UInt64(byte)
    }

    var slot: Int {
      let mixed = (low ^ middle &* 0x9E37_79B9_7F4A_7C15 ^ high) &* 0xD6E8_FEB8_6659_FD93
      return Int(mixed >> 54)
    }
  }

  /// The longest keyword, in bytes.
  static let longest = 24
  static let standard = KeywordTable()

  private var keys: [Key]
  private var keywords: [Keyword?]

  private init() {
    keys = Array(repeating: Key(), count: 1 << 10)
    keywords = Array(repeating: nil, count: 1 << 10)
    for keyword in Keyword.allCases {
      let key = Key(keyword.rawValue)
      var slot = key.slot
      while keywords[slot] != nil { slot = (slot + 1) & (keys.count - 1) }
      (keys[slot], keywords[slot]) = (key, keyword)
    }
  }

  func keyword(_ key: Key) -> Keyword? {
    var slot = key.slot
    while let found = keywords[slot] {
      if keys[slot] == key { return found }
      slot = (slot + 1) & (keys.count - 1)
    }
    return nil
  }
}
