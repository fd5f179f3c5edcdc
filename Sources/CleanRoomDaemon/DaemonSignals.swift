import Foundation
import UnixSignals

/// What an operator tells a daemon by a signal.
public enum DaemonSignal: Sendable, Equatable {
  /// SIGTERM or SIGINT: finish what is under way and end.
  case stop
  /// SIGHUP: read credentials, certificates and revocations again.
  case reload
}

/// The signals of this process, from the moment of the call.
public struct DaemonSignals: Sendable {
  private let signals: UnixSignalsSequence

  public init() async { signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup) }

  /// Waits for one of them; false when the task is cancelled first.
  public func first() async -> Bool {
    for await _ in signals { return true }
    return false
  }

  /// Hands every signal to `body` until one of them is `stop`.
  public func untilStopped(onReload: @Sendable () async -> Void) async {
    for await signal in signals {
      guard signal == .sighup else { return }
      await onReload()
    }
  }
}

/// The one line on standard output that says that a daemon serves.
public enum ReadyLine {
  public static func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
