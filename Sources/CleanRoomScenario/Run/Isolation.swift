import Foundation

/// Keeps the parties of a run apart by the operating system's means: every daemon runs as a user of its own, in a
/// network of its own, from which only the coordinator can be reached.
struct Isolation: Sendable {
  /// Where one daemon lives.
  struct Cell: Sendable, Codable, Equatable {
    var namespace: String
    /// End of the cable on this side, and on the daemon's.
    var outer: String
    var inner: String
    var address: String
    var user: UInt32
  }

  /// Of this side, where the runner and its relays are.
  let address: String
  private let bridge: String
  private let network: String
  let cells: [String: Cell]

  /// The range for network tests (RFC 2544), which nobody routes.
  private static let range = "198.18."

  /// - Parameter names: parties and `coordinator`.
  init(_ names: [String]) throws {
    let mark = String(UInt32.random(in: 0x10_0000...0xFF_FFFF), radix: 16)
    network = try Self.freeNetwork()
    bridge = "cr\(mark)b"
    address = network + "1"
    let firstUser = try Self.freeUsers(names.count)
    var cells: [String: Cell] = [:]
    for (index, name) in names.sorted().enumerated() {
      cells[name] = Cell(
        namespace: "cr\(mark)n\(index)", outer: "cr\(mark)o\(index)", inner: "cr\(mark)i\(index)",
        address: "\(network)\(index + 10)", user: firstUser + UInt32(index))
    }
    self.cells = cells
  }

  private static func freeNetwork() throws -> String {
    let used = try SystemTool.output(["ip", "-4", "-o", "addr"])
    let free = (0..<256).filter { !used.contains("\(range)\($0).") }
    guard let number = free.randomElement() else {
      throw RunProblem("All of \(range)0.0/16 is in use. End other runs.")
    }
    return "\(range)\(number)."
  }

  /// The first of so many numbers in a row that no account has.
  private static func freeUsers(_ count: Int) throws -> UInt32 {
    for _ in 0..<100 {
      let first = UInt32.random(in: 1_000_000...2_000_000_000)
      let isFree = (0..<UInt32(count)).allSatisfy { getpwuid(first + $0) == nil && getgrgid(first + $0) == nil }
      if isFree { return first }
    }
    throw RunProblem("No free user numbers were found.")
  }

  func cell(_ name: String) throws -> Cell {
    guard let cell = cells[name] else { throw RunProblem("There is no party \(name).") }
    return cell
  }

  // MARK: Networks

  /// Makes the networks; what is made is known to `cleanup` before it is made.
  func makeNetworks(_ cleanup: Cleanup) throws {
    cleanup.add(.run(["ip", "link", "del", bridge]))
    try SystemTool.run(["ip", "link", "add", bridge, "type", "bridge"])
    try SystemTool.run(["ip", "addr", "add", "\(address)/24", "dev", bridge])
    try SystemTool.run(["ip", "link", "set", bridge, "up"])
    for (name, cell) in cells.sorted(by: { $0.key < $1.key }) {
      try makeNetwork(cell, isMember: name != RunRoom.coordinator, cleanup)
    }
  }

  private func makeNetwork(_ cell: Cell, isMember: Bool, _ cleanup: Cleanup) throws {
    cleanup.add(.run(["ip", "netns", "del", cell.namespace]))
    try SystemTool.run(["ip", "netns", "add", cell.namespace])
    cleanup.add(.run(["ip", "link", "del", cell.outer]))
    try SystemTool.run([
      "ip", "link", "add", cell.outer, "type", "veth", "peer", "name", cell.inner, "netns", cell.namespace,
    ])
    try SystemTool.run(["ip", "link", "set", cell.outer, "master", bridge])
    // Ports that are isolated reach those that are not, and not each other.
    if isMember { try SystemTool.run(["ip", "link", "set", cell.outer, "type", "bridge_slave", "isolated", "on"]) }
    try SystemTool.run(["ip", "link", "set", cell.outer, "up"])
    let inside = ["ip", "-n", cell.namespace]
    try SystemTool.run(inside + ["addr", "add", "\(cell.address)/24", "dev", cell.inner])
    try SystemTool.run(inside + ["link", "set", cell.inner, "up"])
    try SystemTool.run(inside + ["link", "set", "lo", "up"])
  }

  /// What comes before a command that is to run as a party.
  func prefix(_ name: String) throws -> [String] {
    let cell = try cell(name)
    return ["nsenter", "--net=/run/netns/\(cell.namespace)"] + Self.asUser(cell.user) + ["--pdeathsig", "KILL", "--"]
  }

  static func asUser(_ user: UInt32) -> [String] {
    [
      "setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--no-new-privs", "--inh-caps=-all",
      "--bounding-set=-all",
    ]
  }

  /// Gives a party its folder, and nobody else.
  func give(_ folder: String, to name: String) throws {
    let user = try cell(name).user
    try SystemTool.run(["chown", "-R", "\(user):\(user)", folder])
    try SystemTool.run(["chmod", "0700", folder])
  }
}
