import CleanRoomModel
import Foundation

/// Names new resources.
enum ResourceIDs {
  static func make<Kind>() -> ResourceID<Kind> {
    // A random UUID always has the right form.
    while true {
      if let id = ResourceID<Kind>(UUID().uuidString.lowercased()) { return id }
    }
  }
}
