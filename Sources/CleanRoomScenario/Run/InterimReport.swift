import CleanRoomReport
import Foundation

public enum Report {
  public static func html(_ record: RunRecord) -> String {
    String(decoding: (try? JSONEncoder().encode(record)) ?? Data(), as: UTF8.self)
  }
}
