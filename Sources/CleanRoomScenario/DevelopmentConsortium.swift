import CleanRoomModel
import CleanRoomTransport
import Foundation

/// Makes the folder of a consortium for development: one authority, one identity and one configuration per daemon,
/// and AWS profiles for everybody. Real organizations keep these on machines of their own.
public struct DevelopmentConsortium: Sendable {
  public struct Problem: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  public let folder: String
  public let members: [ConsortiumMember]
  public let basePort: Int
  /// Ports of the members' APIs begin this far above the coordinator's.
  static let apiPortOffset = 43

  /// Ports that its daemons listen on.
  static func ports(base: Int, members: Int) -> [Int] { [base] + (0..<members).map { base + apiPortOffset + $0 } }

  /// - Parameter folder: absolute.
  public init(folder: String, members: [ConsortiumMember], basePort: Int) throws(Problem) {
    guard !members.isEmpty else { throw Problem(description: "Name at least one member: --member ACCOUNT:NAME.") }
    guard (1...65_000).contains(basePort), basePort + Self.apiPortOffset + members.count <= 65_536 else {
      throw Problem(description: "The base port must leave room for the members' API ports: use 1024 to 65000.")
    }
    for (index, member) in members.enumerated() {
      for other in members[..<index] {
        guard other.account != member.account else {
          throw Problem(description: "Account \(member.account) is named twice.")
        }
        guard other.profile != member.profile else {
          throw Problem(
            description:
              "Members \(other.account) and \(member.account) would both have the AWS profile \(member.profile). Choose different names."
          )
        }
      }
    }
    self.folder = folder
    self.members = members
    self.basePort = basePort
  }

  public func apiPort(of member: ConsortiumMember) -> Int {
    basePort + Self.apiPortOffset + (members.firstIndex(of: member) ?? 0)
  }

  public func folder(of member: ConsortiumMember) -> String { folder + "/members/\(member.account)" }

  /// Writes everything, or, when something of it exists already, nothing.
  public func create(now: Date) throws {
    try refuseToOverwrite()
    let keys = members.map { _ in AccessKey.random() }
    let authority = try CertificateAuthority(name: "Cleanroom development", now: now)
    try authority.write(to: folder + "/ca", now: now)
    try authority.writeIdentity(.coordinator, name: "Cleanroom coordinator", to: folder + "/coordinator", now: now)
    try write("coordinator/coordinator.yaml", ConsortiumFiles.coordinator(port: basePort))
    for (member, key) in zip(members, keys) {
      try authority.writeIdentity(.member(member.account), name: member.name, to: folder(of: member), now: now)
      let place = "members/\(member.account)/"
      try write(
        place + "member.yaml",
        ConsortiumFiles.member(member, coordinatorPort: basePort, apiPort: apiPort(of: member)))
      try write(place + "credentials", ConsortiumFiles.credentials([(member.profile, key)]), mode: 0o600)
      for name in ["data", "results"] {
        try FileManager.default.createDirectory(
          atPath: folder(of: member) + "/" + name, withIntermediateDirectories: true)
      }
    }
    try write("aws/config", ConsortiumFiles.awsConfiguration(self))
    try write("aws/credentials", ConsortiumFiles.credentials(Array(zip(members.map(\.profile), keys))), mode: 0o600)
  }

  private func refuseToOverwrite() throws(Problem) {
    for name in ["ca", "coordinator", "members", "aws"]
    where FileManager.default.fileExists(atPath: folder + "/" + name) {
      throw Problem(description: "\(folder)/\(name) exists already and is not overwritten. Choose another folder.")
    }
  }

  private func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try PrivateFile.create(path, text, mode: mode)
  }
}

/// A key pair for signing API requests.
struct AccessKey: Sendable {
  let id: String
  let secret: Secret<String>

  static func random() -> AccessKey {
    var random = SystemRandomNumberGenerator()
    func text(_ count: Int, _ alphabet: String) -> String {
      let letters = Array(alphabet)
      return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    let mixed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return AccessKey(id: "AKCR" + text(16, upper), secret: Secret(text(40, mixed)))
  }
}
