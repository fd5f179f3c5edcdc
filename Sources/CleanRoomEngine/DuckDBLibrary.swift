import CDuckDB
import Foundation

/// The engine's shared library, loaded once per process.
public enum DuckDBLibrary {
  static let version = "1.5.5"

  /// - Throws: `libraryMissing`, naming the command that installs it.
  public static func load() throws(EngineError) {
    if case .failure(let error) = loaded { throw error }
  }

  private static let loaded: Result<Void, EngineError> = {
    for (stub, engine) in candidates() {
      if engine.hasPrefix("/"), !FileManager.default.fileExists(atPath: engine) { continue }
      // The names live as long as the process: the loader keeps them.
      guard let missing = cdb_load(stub.flatMap { strdup($0) }, strdup(engine)) else { return .success(()) }
      return .failure(
        EngineError(
          .libraryMissing,
          "The DuckDB library at \(engine) cannot be used (\(String(cString: missing))). Run Scripts/setup to install DuckDB \(version)."))
    }
    return .failure(
      EngineError(.libraryMissing, "No DuckDB library was found. Run Scripts/setup to install DuckDB \(version)."))
  }()

  /// Named by the environment, then installed by the set-up script, then the system's.
  private static func candidates() -> [(stub: String?, engine: String)] {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["CLEANROOM_DUCKDB"], !named.isEmpty { return [(nil, named)] }
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache"
    let folder = cache + "/cleanroom/duckdb-\(version)"
    return [(folder + "/libpython-stub.so", folder + "/libduckdb.so"), (nil, "/usr/lib/libduckdb.so")]
  }
}
