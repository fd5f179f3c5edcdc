import CleanRoomEngine
import CleanRoomModel
import CleanRoomSynthetic
import Foundation

/// Writes the tables of a plan into their parties' folders, two at a time. A file appears under its name only when it
/// is whole.
public struct DataFiles: Sendable {
  public struct Written: Sendable {
    public let table: TableName
    public let path: String
    public let rows: Int
    /// How many people occur; nil in a table about nobody.
    public let people: Int?
    public let bytes: Int
    public let time: Duration
  }

  private struct Job: Sendable {
    let table: TableGenerator
    let path: String
    let format: DataFormat

    var folder: String { (path as NSString).deletingLastPathComponent }
    /// Hidden, so that no pattern in a catalog takes it for a source.
    func temporary(_ ending: String) -> String { "\(folder)/.\((path as NSString).lastPathComponent).\(ending)" }
  }

  private let jobs: [Job]
  private static let atOnce = min(2, ProcessInfo.processInfo.activeProcessorCount)

  /// - Parameters:
  ///   - replacing: write over files that exist.
  ///   - folder: of a party; absolute.
  public init(_ plan: DataPlan, replacing: Bool = false, folder: (String) -> String) throws(DataFileProblem) {
    jobs = zip(plan.specification.tables, plan.generator.tables).map { specification, table in
      Job(
        table: table, path: folder(specification.name.party) + "/" + specification.file,
        format: specification.file.hasSuffix(".parquet") ? .parquet : .csv)
    }
    for job in jobs where !replacing && FileManager.default.fileExists(atPath: job.path) {
      throw DataFileProblem(description: "\(job.path) exists already and is not overwritten. Choose another folder.")
    }
  }

  /// - Throws: `DataFileProblem` or `EngineError`; `CancellationError` when cancelled. What is not whole is removed.
  public func write() async throws -> [Written] {
    try await withThrowingTaskGroup(of: (Int, Written).self) { group in
      var written: [Int: Written] = [:]
      for (index, job) in jobs.enumerated() {
        if index >= Self.atOnce, let done = try await group.next() { written[done.0] = done.1 }
        group.addTask { (index, try await Self.write(job)) }
      }
      for try await done in group { written[done.0] = done.1 }
      return jobs.indices.compactMap { written[$0] }
    }
  }

  private static func write(_ job: Job) async throws -> Written {
    let start = ContinuousClock.now
    do {
      try FileManager.default.createDirectory(atPath: job.folder, withIntermediateDirectories: true)
    } catch {
      throw DataFileProblem(description: "The folder \(job.folder) cannot be made. Choose one that you may write to.")
    }
    let part = job.temporary("part")
    defer { unlink(part) }
    let stop = DataFlag()
    try await withTaskCancellationHandler {
      switch job.format {
      case .csv: try await onThread { try DataSink(file: part).write(job.table, unless: stop) }
      case .parquet: try await convert(job, part, stop)
      }
    } onCancel: {
      stop.set()
    }
    guard rename(part, job.path) == 0 else { throw DataSink.problem(job.path) }
    let bytes = (try? FileManager.default.attributesOfItem(atPath: job.path)[.size] as? Int) ?? 0
    return Written(
      table: job.table.name, path: job.path, rows: job.table.rows, people: job.table.people, bytes: bytes,
      time: .now - start)
  }

  /// Off the threads of Swift's concurrency, which must not block.
  private static func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
  }

  // MARK: Parquet

  /// What the engine may use for one file.
  private static let limits = EngineLimits(memory: 512 << 20, threads: 1, spillFolder: nil, spill: 0)

  /// The engine reads the rows from a pipe while they are made, so that they never lie on disk twice.
  private static func convert(_ job: Job, _ part: String, _ stop: DataFlag) async throws {
    let pipe = job.temporary("pipe")
    unlink(pipe)
    guard mkfifo(pipe, 0o600) == 0 else { throw DataSink.problem(pipe) }
    defer { unlink(pipe) }
    // A write to a pipe whose reader failed must return instead of ending the process.
    signal(SIGPIPE, SIG_IGN)
    let converter = try ParquetConverter(csv: pipe, parquet: part, columns: fields(job.table), limits: limits)
    let ended = DataFlag()
    async let writing: Void = onThread {
      guard let sink = try DataSink(pipe: pipe, reader: ended) else { return }
      try sink.write(job.table, unless: stop)
    }
    let conversion: Result<Void, any Error>
    do {
      conversion = .success(try await converter.convert())
    } catch {
      conversion = .failure(error)
    }
    ended.set()
    // The engine's failure explains the pipe's, but not the other way round.
    guard case .success = conversion else {
      try? await writing
      return try conversion.get()
    }
    try await writing
  }

  private static func fields(_ table: TableGenerator) -> [ResultField] {
    table.columns.map { ResultField(name: $0.name, type: ColumnType($0.type)) }
  }
}

extension ColumnType {
  fileprivate init(_ type: DataColumnType) {
    self =
      switch type {
      case .string: .string
      case .bigint: .bigint
      case .boolean: .boolean
      case .date: .date
      case .timestamp: .timestamp
      case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
      }
  }
}
