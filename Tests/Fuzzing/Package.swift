// swift-tools-version: 6.2
import PackageDescription

/// Every room is built with coverage for libFuzzer and with the address sanitizer; `Scripts/fuzz` links the targets.
let fuzzed: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing"]),
]
let target: [SwiftSetting] = fuzzed + [.unsafeFlags(["-parse-as-library"])]
let rooms: [Target.Dependency] = ["CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning"]

func room(_ name: String, _ dependencies: Int) -> Target {
  .target(
    name: name, dependencies: Array(rooms.prefix(dependencies)), path: "Rooms/\(name)", swiftSettings: fuzzed)
}

let package = Package(
  name: "fuzzing",
  products: [
    // Archives, because libFuzzer brings the main function.
    .library(name: "parse", type: .static, targets: ["Parse"]),
    .library(name: "check", type: .static, targets: ["Check"]),
  ],
  targets: [
    room("CleanRoomModel", 0), room("CleanRoomSQL", 0), room("CleanRoomPolicy", 2), room("CleanRoomPlanning", 3),
    // The corpus' own reader of tables and their rules.
    .target(name: "CaseFiles", dependencies: rooms, path: "Rooms/CaseFiles", swiftSettings: fuzzed),
    .target(name: "Findings", path: "Findings", swiftSettings: fuzzed),
    .target(name: "Parse", dependencies: ["CleanRoomSQL", "Findings"], path: "Parse", swiftSettings: target),
    .target(name: "Check", dependencies: rooms + ["CaseFiles", "Findings"], path: "Check", swiftSettings: target),
  ]
)
