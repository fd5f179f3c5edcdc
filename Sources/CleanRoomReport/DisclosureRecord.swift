/// What was captured on the wire, and what a search of it found.
public struct DisclosureRecord: Sendable, Codable, Equatable {
  /// How the bytes were got, in a sentence.
  public var method: String
  /// Per party: what it sent on its links to the coordinator.
  public var links: [LinkRecord]
  /// Per searched column.
  public var canaries: [CanaryRecord]
  /// Names of the encodings that every canary was searched in.
  public var encodings: [String]
  public var findings: [FindingRecord]
  /// What the decoded links hold that no ledger lists, a sentence each; empty when all is listed.
  public var unlisted: [String]
  /// Batches found on the links and in the ledgers alike.
  public var listedBatches: Int
  public var listedBytes: Int
  public var seconds: Double

  public init(
    method: String, links: [LinkRecord], canaries: [CanaryRecord], encodings: [String],
    findings: [FindingRecord] = [], unlisted: [String] = [], listedBatches: Int = 0, listedBytes: Int = 0,
    seconds: Double = 0
  ) {
    self.method = method
    self.links = links
    self.canaries = canaries
    self.encodings = encodings
    self.findings = findings
    self.unlisted = unlisted
    self.listedBatches = listedBatches
    self.listedBytes = listedBytes
    self.seconds = seconds
  }

  public var isClean: Bool { findings.isEmpty && unlisted.isEmpty }
}

/// One party's traffic with the coordinator.
public struct LinkRecord: Sendable, Codable, Equatable {
  public var party: String
  public var connections: Int
  /// On the socket, encrypted.
  public var bytesSent: Int
  public var bytesReceived: Int
  /// After decryption: what was searched.
  public var clearBytesSent: Int
  public var clearBytesReceived: Int

  public init(
    party: String, connections: Int, bytesSent: Int, bytesReceived: Int, clearBytesSent: Int, clearBytesReceived: Int
  ) {
    self.party = party
    self.connections = connections
    self.bytesSent = bytesSent
    self.bytesReceived = bytesReceived
    self.clearBytesSent = clearBytesSent
    self.clearBytesReceived = clearBytesReceived
  }
}

/// A column whose every cell was searched for.
public struct CanaryRecord: Sendable, Codable, Equatable {
  public var party: String
  public var table: String
  public var column: String
  /// `withheld` or `identifier`.
  public var standing: String
  /// Distinct values, and those too short to tell from chance (not searched alone).
  public var values: Int
  public var tooShort: Int

  public init(party: String, table: String, column: String, standing: String, values: Int, tooShort: Int = 0) {
    self.party = party
    self.table = table
    self.column = column
    self.standing = standing
    self.values = values
    self.tooShort = tooShort
  }
}

/// A canary that was found; never the value itself.
public struct FindingRecord: Sendable, Codable, Equatable {
  public var party: String
  public var table: String
  public var column: String
  public var encoding: String
  /// Where: the sender, the connection and the byte.
  public var place: String

  public init(party: String, table: String, column: String, encoding: String, place: String) {
    self.party = party
    self.table = table
    self.column = column
    self.encoding = encoding
    self.place = place
  }
}
