import CleanRoomEngine
import CleanRoomModel
import CleanRoomStore
import CleanRoomWire

/// Writes result batches in the format the receiver asked for.
struct ResultWriter: Sendable {
  private enum Sink: Sendable {
    case csv(CSVResultEncoder, StagedResult)
    case parquet(ParquetResultWriter)
  }

  private let sink: Sink

  init(format: ResultFormat, columns: [ResultColumnDescription], staged: StagedResult, limits: EngineLimits)
    throws
  {
    let described = columns.map { ResultField(name: $0.name, type: $0.type) }
    switch format {
    case .csv:
      let encoder = CSVResultEncoder(columns: described)
      try staged.write(encoder.header())
      sink = .csv(encoder, staged)
    case .parquet:
      sink = .parquet(try ParquetResultWriter(path: staged.path, columns: described, limits: limits))
    }
  }

  func append(_ batch: ColumnBatch) async throws {
    switch sink {
    case .csv(let encoder, let staged): try staged.write(encoder.rows(batch))
    case .parquet(let writer): try await writer.append(batch)
    }
  }

  func finish() async throws {
    if case .parquet(let writer) = sink { try await writer.finish() }
  }
}
