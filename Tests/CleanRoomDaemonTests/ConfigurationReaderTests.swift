import CleanRoomDaemon
import Foundation
import Testing

@Suite struct ConfigurationReaderTests {
  private func reader(_ text: String) throws -> ConfigurationReader {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("daemon.yaml").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return try ConfigurationReader.open(file)
  }

  private func problem(_ text: String, _ use: (ConfigurationReader) throws -> Void = { try $0.finish() }) -> String {
    do {
      try use(try reader(text))
      return "no problem"
    } catch {
      return "\(error)"
    }
  }

  @Test func readsValues() throws {
    let reader = try reader("a: text\nn: 5\nsize: 2GiB\ntime: 15min\nat: \"[::1]:80\"\nfile: x/y\nempty:\n")
    #expect(try reader.string("a") == "text")
    #expect(try reader.count("n", default: 1) == 5)
    #expect(try reader.count("m", default: 7) == 7)
    #expect(try reader.bytes("size", default: 0) == 2 << 30)
    #expect(try reader.duration("time", default: .zero) == .seconds(900))
    let place = try reader.hostAndPort("at")
    #expect(place.host == "::1" && place.port == 80)
    #expect(try reader.path("file").hasSuffix("/x/y"))
    #expect(try reader.optionalString("empty") == nil)
    try reader.finish()
  }

  @Test func refusesUnknownKeysByName() {
    #expect(
      problem("known: 1\nunknwon: 2") {
        _ = try $0.string("known")
        try $0.finish()
      }.contains("unknwon is not a known key"))
  }

  @Test func namesFileKeyAndRemedy() {
    let text = problem("limits: {memory: lots}") { _ = try $0.mapping("limits").bytes("memory", default: 1) }
    #expect(text.contains("daemon.yaml: limits.memory should be a size") && text.hasSuffix("Correct it."))
    #expect(problem("a: 1") { _ = try $0.string("b") }.contains("b is missing"))
  }

  @Test(arguments: ["a: [1", "a: 1\na: 2", "- 1", "", "a: &x 1\nb: *y"])
  func refusesWhatIsNoMapping(_ text: String) {
    #expect(problem(text) != "no problem")
  }

  @Test(arguments: ["12", "-5", "1.5GiB", "9999999999GiB", "GiB", "5 parsecs"])
  func sizes(_ text: String) {
    let outcome = problem("v: \"\(text)\"") { _ = try $0.bytes("v", default: 1) }
    #expect((outcome == "no problem") == (text == "12"))
  }
}
