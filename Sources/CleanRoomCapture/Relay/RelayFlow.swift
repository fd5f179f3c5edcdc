import NIOCore

/// How fast a relay passes bytes on.
struct RelayPace: Equatable {
  /// In each direction.
  var delay: TimeAmount = .zero
  /// Of each direction of each connection.
  var bytesPerSecond: Int?
}

/// One direction of one relayed connection. Belongs to the relay's event loop.
final class RelayFlow {
  /// Bytes that wait here at most, beside what one read brings.
  private static let capacity = 1 << 20

  private let source: any Channel
  private let sink: any Channel
  private let pace: () -> RelayPace
  private let record: (ByteBuffer) throws -> Void
  private let onEnd: () -> Void
  private var waiting = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()
  private var waitingBytes = 0
  /// When the line is free again for the next piece.
  private var freeAt = NIODeadline.distantPast
  private var isSourceEnded = false
  private var isFinishing = false
  private var alarm: Scheduled<Void>?
  private(set) var isDone = false

  init(
    from source: any Channel, to sink: any Channel, pace: @escaping () -> RelayPace,
    record: @escaping (ByteBuffer) throws -> Void, onEnd: @escaping () -> Void
  ) {
    self.source = source
    self.sink = sink
    self.pace = pace
    self.record = record
    self.onEnd = onEnd
  }

  /// Asks the source for more when there is room.
  func read() {
    if !isSourceEnded, sink.isWritable, waitingBytes < Self.capacity { source.read() }
  }

  func take(_ bytes: ByteBuffer) {
    do {
      try record(bytes)
    } catch {
      // What cannot be recorded does not travel.
      abandon()
      return
    }
    waiting.append((.now() + pace().delay, bytes))
    waitingBytes += bytes.readableBytes
    pass()
  }

  /// The source has nothing more.
  func end() {
    isSourceEnded = true
    pass()
  }

  /// Passes on what is due, as far as the sink takes it.
  func pass() {
    alarm?.cancel()
    alarm = nil
    while let first = waiting.first {
      guard sink.isActive else { return abandon() }
      guard sink.isWritable else { return }
      let due = max(first.due, freeAt)
      guard due <= .now() else {
        wake(at: due)
        return read()
      }
      sink.writeAndFlush(nextPiece(), promise: nil)
    }
    if isSourceEnded { finish() } else { read() }
  }

  /// Slow lines carry small pieces, about twenty a second.
  private func nextPiece() -> ByteBuffer {
    let rate = pace().bytesPerSecond.map { max($0, 1) }
    let length = min(waiting[waiting.startIndex].bytes.readableBytes, rate.map { max($0 / 20, 1) } ?? .max)
    let piece = waiting[waiting.startIndex].bytes.readSlice(length: length) ?? ByteBuffer()
    if waiting[waiting.startIndex].bytes.readableBytes == 0 { waiting.removeFirst() }
    waitingBytes -= length
    if let rate { freeAt = max(.now(), freeAt) + .nanoseconds(Int64(length) * 1_000_000_000 / Int64(rate)) }
    return piece
  }

  private func wake(at due: NIODeadline) {
    let loop = source.eventLoop
    let flow = NIOLoopBound(self, eventLoop: loop)
    alarm = loop.scheduleTask(deadline: due) { flow.value.pass() }
  }

  /// Ends the sink's direction once it has sent what it was given.
  private func finish() {
    guard !isFinishing else { return }
    isFinishing = true
    let flow = NIOLoopBound(self, eventLoop: source.eventLoop)
    sink.close(mode: .output).whenComplete { _ in flow.value.drop() }
  }

  /// Nothing more is passed on: all has been, or the sink has gone.
  func drop() {
    alarm?.cancel()
    waiting.removeAll()
    guard !isDone else { return }
    isDone = true
    onEnd()
  }

  /// Ends both sides at once.
  func abandon() {
    drop()
    for channel in [source, sink] { channel.close(promise: nil) }
  }
}
