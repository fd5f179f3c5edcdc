import CleanRoomModel
import Foundation
import Logging

/// The time as a daemon sees it: the machine's, unless a test sets it off.
public enum DaemonClock {
  /// Seconds to add to the machine's time. For tests of what a wrong clock does.
  public static let variable = "CLEANROOM_CLOCK_SKEW"

  private static let skew = ProcessInfo.processInfo.environment[variable].flatMap(Int.init) ?? 0

  public static var now: Date { Date().addingTimeInterval(Double(skew)) }

  public static let timestamp: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64(now.timeIntervalSince1970 * 1000))
  }

  /// Says loudly that the clock is set off, if it is.
  public static func announce(_ logger: Logger) {
    guard skew != 0 else { return }
    logger.warning("\(variable) IS SET: this daemon's clock is \(skew) s off the machine's. For tests only.")
  }
}
