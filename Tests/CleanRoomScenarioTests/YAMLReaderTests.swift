import CleanRoomDaemon
import CleanRoomScenario
import Testing

@Suite struct YAMLReaderTests {
  private func problem(_ text: String, _ use: (YAMLReader) throws -> Void = { _ in }) -> String {
    do {
      try use(try YAMLReader(text: text, file: "f.yaml"))
      return "no problem"
    } catch {
      return "\(error)"
    }
  }

  @Test func readsEveryKindOfValue() throws {
    let reader = try YAMLReader(
      text: """
        text: "12"
        count: 5
        seed: 18446744073709551615
        ratio: 1.5e3
        share: 25%
        fraction: 0.5
        flag: true
        time: 200ms
        size: 10MiB
        list: [a, 2]
        inner: {x: 1}
        nothing:
        """, file: "f.yaml")
    #expect(try reader.required("text").string() == "12")
    #expect(try reader.required("count").integer(minimum: 5, maximum: 5) == 5)
    #expect(try reader.required("seed").unsigned() == .max)
    #expect(try reader.required("ratio").double() == 1500)
    #expect(try reader.required("share").share() == 0.25)
    #expect(try reader.required("fraction").share() == 0.5)
    #expect(try reader.required("flag").bool())
    #expect(try reader.required("time").duration() == .milliseconds(200))
    #expect(try reader.required("size").bytes() == 10 << 20)
    #expect(try reader.required("list").strings() == ["a", "2"])
    #expect(try reader.required("inner").mapping().required("x").integer() == 1)
    #expect(reader.optional("nothing") == nil)
    try reader.finish()
  }

  @Test func resolvesAnchorsAndMerges() throws {
    let reader = try YAMLReader(
      text: """
        definitions: {base: &base {a: 1, b: 2}, more: &more {b: 3, c: 4}, list: &list [1, 2]}
        x-note: anything
        one: {<<: *base, b: 9}
        two: {<<: [*base, *more]}
        three: *list
        """, file: "f.yaml")
    reader.ignore { $0 == "definitions" || $0.hasPrefix("x-") }
    let one = try reader.required("one").mapping()
    #expect(try one.required("a").integer() == 1 && one.required("b").integer() == 9)
    let two = try reader.required("two").mapping()
    #expect(try two.required("b").integer() == 2 && two.required("c").integer() == 4)
    #expect(try reader.required("three").strings() == ["1", "2"])
    try reader.finish()
  }

  @Test(arguments: [
    ("known: 1\nknwon: 2", "f.yaml:2:1: knwon is not a known key. Did you mean known? Known here: known."),
    ("known: 1\nwhatever: 2", "f.yaml:2:1: whatever is not a known key. Known here: known."),
    ("knwon: 2", "f.yaml:1:1: known is missing. Did you write knwon for it? Correct the spelling."),
    ("known:", "f.yaml:1:1: known has no value. Write one behind the colon."),
    ("known: x", "f.yaml:1:8: known should be a whole number of at least 1, not x. Correct it."),
    ("known: \"5\"", "f.yaml:1:8: known should be a whole number of at least 1, not text. Remove the quotes."),
    ("known: 0", "f.yaml:1:8: known should be a whole number of at least 1, not 0. Correct it."),
    ("known: [1]", "f.yaml:1:8: known should be a whole number of at least 1. Correct it."),
    ("- 1", "f.yaml:1:1: should be a mapping of keys to values. Write KEY: VALUE lines under it."),
    ("known: 1\nknown: 2", "f.yaml:1:1: the key known occurs twice in one mapping. Remove one."),
    ("1: a\n\"1\": b", "f.yaml:2:1: the key 1 occurs twice in one mapping. Remove one."),
    ("", "f.yaml: is empty. Begin with a sample from Configs/."),
    ("<<: 5", "f.yaml:1:5: << can only merge mappings. Name the anchor of a mapping: <<: *name."),
  ]) func namesPlaceAndRemedy(_ text: String, _ message: String) {
    let seen = problem(text) {
      _ = try $0.required("known").integer(minimum: 1)
      try $0.finish()
    }
    #expect(seen == message)
  }

  @Test func namesThePlaceOfASyntaxError() {
    #expect(problem("a: [1\nb: 2").hasPrefix("f.yaml:2:2: not well-formed YAML: "))
    #expect(problem("a: *nothing").hasPrefix("f.yaml:1:4: not well-formed YAML: "))
  }

  @Test func namesThePathThroughLists() {
    let seen = problem("a:\n  - {b: [1, x]}") {
      for element in try $0.required("a").elements() {
        for value in try element.mapping().required("b").elements() { _ = try value.integer() }
      }
    }
    #expect(seen == "f.yaml:2:13: a[0].b[1] should be a whole number, not x. Correct it.")
  }

  @Test(arguments: ["1.5", "-1", "x", "120%", "0x1", "nan"]) func refusesShares(_ text: String) {
    #expect(problem("v: \(text)") { _ = try $0.required("v").share() }.contains("v should be a share"))
  }

  @Test func guessesAtChoices() {
    let seen = problem("v: unifrom") { _ = try $0.required("v").choice(["normal", "uniform"]) }
    #expect(seen == "f.yaml:1:4: v has the unknown value unifrom. Did you mean uniform? Known here: normal, uniform.")
  }

  @Test func refusesImmenseAliases() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...7 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(problem(text).contains("the file's aliases repeat too much"))
  }
}
