import CDuckDB
import Foundation

/// The engine's shared library, loaded once per process.
public enum DuckDBLibrary {
  /// Of the engine that this program is made for.
  public static let version = "1.5.5"

  /// - Throws: `libraryMissing`, naming the command that installs it.
  public static func load() throws(EngineError) {
    if case .failure(let error) = loaded { throw error }
  }

  /// Where the library is.
  public static func path() throws(EngineError) -> String { try loaded.get() }

  /// The engine encrypts files only with the crypto library in this extension, which lies beside the engine. Nil where
  /// it is not installed.
  static func cryptoExtension() throws(EngineError) -> String? {
    let path = (try loaded.get() as NSString).deletingLastPathComponent + "/httpfs.duckdb_extension"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The library's path.
  private static let loaded: Result<String, EngineError> = {
    for (stub, engine) in candidates() where FileManager.default.fileExists(atPath: engine) {
      // The names live as long as the process: the loader keeps them.
      guard let missing = cdb_load(stub.flatMap { strdup($0) }, strdup(engine)) else { return .success(engine) }
      return .failure(
        EngineError(
          .libraryMissing,
          "The DuckDB library at \(engine) cannot be used (\(String(cString: missing))). Run Scripts/setup to install DuckDB \(version)."
        ))
    }
    if let named = ProcessInfo.processInfo.environment["CLEANROOM_DUCKDB"], !named.isEmpty {
      return .failure(
        EngineError(
          .libraryMissing,
          "There is no DuckDB library at \(named), which CLEANROOM_DUCKDB names. Unset it and run Scripts/setup."))
    }
    return .failure(
      EngineError(.libraryMissing, "No DuckDB library was found. Run Scripts/setup to install DuckDB \(version)."))
  }()

  /// Named by the environment, then installed by the set-up script, then the system's.
  private static func candidates() -> [(stub: String?, engine: String)] {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["CLEANROOM_DUCKDB"], !named.isEmpty { return [withStub(beside: named)] }
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/root") + "/.cache"
    let folder = cache + "/cleanroom/duckdb-\(version)"
    return [folder, "/usr/local/lib", "/usr/lib", "/usr/lib64"].map { withStub(beside: $0 + "/libduckdb.so") }
  }

  /// The engine of the Python wheel needs the stub that the set-up script puts beside it; others have none.
  private static func withStub(beside engine: String) -> (stub: String?, engine: String) {
    let stub = URL(fileURLWithPath: engine).deletingLastPathComponent().appendingPathComponent("libpython-stub.so").path
    return (FileManager.default.fileExists(atPath: stub) ? stub : nil, engine)
  }
}
