import CDuckDB
import Foundation

/// What an engine may use of its machine.
public struct EngineLimits: Sendable {
  /// Bytes.
  public var memory: Int
  public var threads: Int
  /// A folder of ours for encrypted spill files; nil means no spilling. Where the engine cannot encrypt, it does not
  /// spill either.
  public var spillFolder: String?
  /// Bytes.
  public var spill: Int

  public init(memory: Int, threads: Int, spillFolder: String?, spill: Int) {
    self.memory = memory
    self.threads = threads
    self.spillFolder = spillFolder
    self.spill = spill
  }
}

/// One in-memory engine instance, locked down as the public guides to securing DuckDB advise.
final class EngineDatabase: @unchecked Sendable {
  // Sound: the handle is set once, the engine's database object is thread-safe, and deinit runs alone.
  private var handle: cdb_database?

  /// - Parameters:
  ///   - folders: the only folders whose files may be touched; none at all when empty.
  ///   - ordered: keep rows in order of insertion.
  init(limits: EngineLimits, folders: [String] = [], ordered: Bool) throws(EngineError) {
    let crypto = limits.spillFolder == nil ? nil : try DuckDBLibrary.cryptoExtension()
    try DuckDBLibrary.load()
    var config: cdb_config?
    guard cdb_create_config(&config) == CDB_SUCCESS else { throw Self.cannotOpen }
    defer { cdb_destroy_config(&config) }
    for (name, value) in Self.settings(limits, spills: crypto != nil, ordered: ordered)
    where cdb_set_config(config, name, value) != CDB_SUCCESS {
      throw EngineError(.cannotOpen, "The engine does not accept the setting \(name).")
    }
    guard cdb_open(nil, &handle, config) == CDB_SUCCESS else { throw Self.cannotOpen }
    try lock(folders: folders, crypto: crypto)
  }

  deinit { if handle != nil { cdb_close(&handle) } }

  static let cannotOpen = EngineError(.cannotOpen, "The engine could not be opened. Check the state folder and limits.")

  /// The folders that may be touched can be named only while the engine may touch all of them; `lock` ends that.
  private static func settings(_ limits: EngineLimits, spills: Bool, ordered: Bool) -> [(String, String)] {
    [
      ("enable_external_access", "true"),
      ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"),
      ("allow_community_extensions", "false"), ("threads", "\(limits.threads)"),
      ("memory_limit", "\(limits.memory / 1024)KiB"), ("preserve_insertion_order", ordered ? "true" : "false"),
      // What occurs twice would be computed outside the TRY that it stands in.
      ("disabled_optimizers", "common_subexpressions"),
      ("temp_directory", spills ? limits.spillFolder ?? "" : ""),
      ("max_temp_directory_size", "\(limits.spill / 1024)KiB"),
    ]
  }

  /// From here on nothing can be changed back; every promise is read back, and a missing one stops the start.
  private func lock(folders: [String], crypto: String?) throws(EngineError) {
    let connection = try connect()
    if let crypto { try connection.execute("LOAD \(EngineSQL.string(crypto))") }
    try connection.execute("SET temp_file_encryption = true")
    if !folders.isEmpty {
      let list = folders.map { EngineSQL.string($0.hasSuffix("/") ? $0 : $0 + "/") }.joined(separator: ", ")
      try connection.execute("SET allowed_directories = [\(list)]")
    }
    try connection.execute("SET enable_external_access = false")
    try connection.execute("SET lock_configuration = true")
    let expected = [
      ("enable_external_access", "false"), ("autoinstall_known_extensions", "false"),
      ("autoload_known_extensions", "false"), ("allow_community_extensions", "false"),
      ("temp_file_encryption", "true"), ("lock_configuration", "true"),
      ("disabled_optimizers", "common_subexpressions"),
    ]
    for (name, value) in expected {
      let seen = try connection.text("SELECT current_setting(\(EngineSQL.string(name)))::VARCHAR")
      guard seen == value else {
        throw EngineError(.cannotOpen, "The engine's setting \(name) is not in force; it will not be used.")
      }
    }
  }

  func connect() throws(EngineError) -> EngineConnection {
    var connection: cdb_connection?
    guard cdb_connect(handle, &connection) == CDB_SUCCESS, let connection else { throw Self.cannotOpen }
    return EngineConnection(connection, of: self)
  }
}

/// Names and constants as engine SQL, for what this room writes itself.
enum EngineSQL {
  static func identifier(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
  static func string(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
