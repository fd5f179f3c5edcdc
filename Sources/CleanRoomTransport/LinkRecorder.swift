import CleanRoomModel
import Foundation
import Logging
import NIOCore
import Synchronization

/// Writes down every byte that this daemon's links carry, as it is before encryption and after decryption, so that
/// anybody can search what was sent. For demonstrations and tests: whoever can read the folder can read the data.
public final class LinkRecorder: Sendable {
  /// Names the folder; recording is off without it.
  public static let variable = "CLEANROOM_RECORD_LINK"

  private let folder: String
  private let count = Mutex(0)

  /// - Returns: nil unless the environment asks for a recording. Says so loudly in the log.
  public static func fromEnvironment(_ logger: Logger) -> LinkRecorder? {
    guard let folder = ProcessInfo.processInfo.environment[variable], !folder.isEmpty else { return nil }
    logger.warning(
      "\(variable) IS SET: every byte on this daemon's links is written, unencrypted, to a folder. For demonstrations and tests only."
    )
    return LinkRecorder(folder: folder)
  }

  init(folder: String) {
    self.folder = folder
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// A handler for one connection; it stands directly above TLS.
  func handler() -> RecordingHandler {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let name = "\(folder)/link-\(getpid())-\(number)"
    return RecordingHandler(sent: Self.file(name + ".sent"), received: Self.file(name + ".received"))
  }

  private static func file(_ path: String) -> FileHandle? {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    return descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}

final class RecordingHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let sent: FileHandle?
  private let received: FileHandle?

  init(sent: FileHandle?, received: FileHandle?) {
    self.sent = sent
    self.received = received
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    record(unwrapOutboundIn(data), in: sent, context)
    context.write(data, promise: promise)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    record(unwrapInboundIn(data), in: received, context)
    context.fireChannelRead(data)
  }

  /// What cannot be recorded does not travel.
  private func record(_ buffer: ByteBuffer, in file: FileHandle?, _ context: ChannelHandlerContext) {
    do {
      guard let file else { throw CocoaError(.fileWriteUnknown) }
      try file.write(contentsOf: Data(buffer.readableBytesView))
    } catch {
      context.close(promise: nil)
    }
  }
}
