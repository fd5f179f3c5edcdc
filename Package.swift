// swift-tools-version: 6.2
import PackageDescription

/// Every target is built in Swift 6 mode with warnings as errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Rooms that hold decisions only: no unsafe construct may appear in them unmarked.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "cleanroom",
  products: [.executable(name: "cleanroom", targets: ["cleanroom"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    // Pure rooms: values and decisions.
    .target(name: "CleanRoomModel", swiftSettings: pure),
    .target(name: "CleanRoomSQL", swiftSettings: pure),
    .target(
      name: "CleanRoomPolicy", dependencies: ["CleanRoomModel", "CleanRoomSQL"],
      swiftSettings: pure),
    .target(
      name: "CleanRoomPlanning",
      dependencies: ["CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy"], swiftSettings: pure),
    .target(
      name: "CleanRoomAPI", dependencies: ["CleanRoomModel", crypto], swiftSettings: pure),

    // Rooms around one heavy dependency each.
    .target(
      name: "COpenSSL",
      linkerSettings: [.linkedLibrary("crypto")]),
    .target(
      name: "CleanRoomMatching", dependencies: ["CleanRoomModel", "COpenSSL", crypto],
      swiftSettings: strict),
    .target(
      name: "CleanRoomWire",
      dependencies: [
        "CleanRoomModel", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["link.proto"],
      swiftSettings: strict),
    .target(name: "CDuckDB", linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "CleanRoomEngine", dependencies: ["CleanRoomModel", "CDuckDB"],
      swiftSettings: strict),
    .target(
      name: "CleanRoomStore",
      dependencies: ["CleanRoomModel", crypto, .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .target(
      name: "CleanRoomTransport",
      dependencies: [
        "CleanRoomModel", "CleanRoomWire", crypto, logging,
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ],
      swiftSettings: strict),

    // What both daemons do alike: configuration files, logs, signals, exit codes.
    .target(
      name: "CleanRoomDaemon",
      dependencies: [
        "CleanRoomModel", "CleanRoomTransport", "CleanRoomStore", logging,
        .product(name: "Yams", package: "Yams"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // The two conversations.
    .target(
      name: "CoordinatorService",
      dependencies: [
        "CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning", "CleanRoomAPI",
        "CleanRoomWire", "CleanRoomEngine", "CleanRoomStore", "CleanRoomTransport", "CleanRoomDaemon",
        logging,
      ],
      swiftSettings: strict),
    .target(
      name: "MemberService",
      dependencies: [
        "CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning", "CleanRoomAPI",
        "CleanRoomWire", "CleanRoomEngine", "CleanRoomStore", "CleanRoomTransport",
        "CleanRoomMatching", "CleanRoomDaemon", logging, crypto,
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    // Programs that use the API.
    .target(
      name: "CleanRoomClient",
      dependencies: [
        "CleanRoomModel", "CleanRoomAPI", "CleanRoomDaemon",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      swiftSettings: strict),

    // Scenarios: what they are made of, each apart, then the runner.
    .target(name: "CleanRoomSynthetic", swiftSettings: pure),
    .target(name: "CleanRoomReport", swiftSettings: pure),
    .target(
      name: "CleanRoomCapture",
      dependencies: [
        "CleanRoomModel", "CleanRoomWire", "CleanRoomStore", "CleanRoomEngine", "CleanRoomMatching", "CleanRoomReport",
        crypto,
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      // It looks at every byte that was sent: minutes without optimization, seconds with it.
      swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .target(
      name: "CleanRoomScenario",
      dependencies: [
        "CleanRoomModel", "CleanRoomAPI", "CleanRoomStore", "CleanRoomEngine", "CleanRoomTransport", "CleanRoomDaemon",
        "CleanRoomClient", "MemberService", "CleanRoomReport", "CleanRoomCapture", "CleanRoomSynthetic", crypto,
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "cleanroom",
      dependencies: [
        "CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning", "CleanRoomAPI",
        "CleanRoomMatching", "CleanRoomClient", "CoordinatorService", "MemberService", "CleanRoomScenario",
        "CleanRoomReport", "CleanRoomTransport", "CleanRoomStore", "CleanRoomDaemon", "CleanRoomEngine",
        "CleanRoomSynthetic", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // For tests and scenarios only, and no product: a coordinator that lies to its members.
    .executableTarget(
      name: "cleanroom-lying-coordinator",
      dependencies: [
        "CleanRoomModel", "CleanRoomWire", "CleanRoomTransport", "CleanRoomDaemon", "CoordinatorService", logging,
      ],
      path: "Sources/LyingCoordinator", swiftSettings: strict),

    .testTarget(
      name: "CleanRoomSQLTests", dependencies: ["CleanRoomSQL"], resources: [.copy("Corpus")],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomPolicyTests",
      dependencies: ["CleanRoomPlanning", "CleanRoomPolicy", "CleanRoomSQL", "CleanRoomModel"],
      resources: [.copy("Cases")], swiftSettings: strict),
    .testTarget(
      name: "CleanRoomPlanningTests",
      dependencies: ["CleanRoomPlanning", "CleanRoomPolicy", "CleanRoomSQL", "CleanRoomModel"],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomAPITests", dependencies: ["CleanRoomAPI", "CleanRoomModel", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomMatchingTests",
      dependencies: ["CleanRoomMatching", "CleanRoomModel", "COpenSSL", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomWireTests", dependencies: ["CleanRoomWire", "CleanRoomModel"],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomEngineTests",
      dependencies: [
        "CleanRoomEngine", "CleanRoomMatching", "CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy",
        "CleanRoomPlanning",
      ],
      resources: [.copy("Values")], swiftSettings: strict),
    .testTarget(
      name: "CleanRoomStoreTests",
      dependencies: ["CleanRoomStore", "CleanRoomModel", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomTransportTests",
      dependencies: [
        "CleanRoomTransport", "CleanRoomWire", "CleanRoomModel", crypto, logging,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "X509", package: "swift-certificates"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CoordinatorServiceTests",
      dependencies: [
        "CoordinatorService", "CleanRoomModel", "CleanRoomPolicy", "CleanRoomPlanning", "CleanRoomStore",
        "CleanRoomAPI",
        "CleanRoomWire", "CleanRoomTransport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MemberServiceTests",
      dependencies: [
        "MemberService", "CleanRoomModel", "CleanRoomPolicy", "CleanRoomPlanning", "CleanRoomStore", "CleanRoomAPI",
        "CleanRoomWire", "CleanRoomTransport", "CleanRoomMatching", "CleanRoomEngine", "CleanRoomDaemon",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomClientTests",
      dependencies: ["CleanRoomClient", "CleanRoomAPI", "CleanRoomDaemon", "CleanRoomModel"], swiftSettings: strict),
    // Programs of the tests; no release has them.
    .executableTarget(
      name: "cleanroom-leaking",
      dependencies: [
        "MemberService", "CleanRoomDaemon", "CleanRoomTransport", "CleanRoomWire", "CleanRoomModel",
        "CleanRoomMatching", crypto, logging,
      ],
      path: "Tests/Programs/Leaking", swiftSettings: strict),
    .executableTarget(
      name: "cleanroom-capture",
      dependencies: [
        "CleanRoomCapture", "CleanRoomReport", "CleanRoomTransport", "CleanRoomWire", "CleanRoomStore",
        "CleanRoomEngine", "CleanRoomModel", crypto, logging,
      ],
      path: "Tests/Programs/Capture", swiftSettings: strict),
    .testTarget(
      name: "CleanRoomCaptureTests",
      dependencies: [
        "CleanRoomCapture", "CleanRoomReport", "CleanRoomTransport", "CleanRoomWire", "CleanRoomStore",
        "CleanRoomEngine", "CleanRoomModel", crypto, logging,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CleanRoomSyntheticTests", dependencies: ["CleanRoomSynthetic"], swiftSettings: strict),
    .testTarget(
      name: "CleanRoomScenarioTests",
      dependencies: [
        "CleanRoomScenario", "CleanRoomSynthetic", "CleanRoomAPI", "CleanRoomDaemon", "CleanRoomReport",
        "CleanRoomEngine",
      ],
      resources: [.copy("Scenarios")], swiftSettings: strict),
    .testTarget(
      name: "CleanRoomReportTests", dependencies: ["CleanRoomReport"], swiftSettings: strict),
    .testTarget(
      name: "CleanRoomDaemonTests", dependencies: ["CleanRoomDaemon"], swiftSettings: strict),
  ]
)
