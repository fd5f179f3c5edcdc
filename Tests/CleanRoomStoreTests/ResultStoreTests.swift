import CleanRoomModel
import Foundation
import Testing

@testable import CleanRoomStore

@Suite struct ResultStoreTests {
  private struct Fixture {
    let folder: ScratchFolder
    let store: ResultStore
    let query: QueryID

    init() throws {
      folder = try ScratchFolder()
      store = try ResultStore(buckets: ["results": folder.file("bucket")], index: folder.file("index"))
      query = try #require(QueryID(uuid(1)))
    }

    func place(_ prefix: String?, _ format: ResultFormat = .csv) throws -> ResultPlace {
      try store.location(bucket: "results", keyPrefix: prefix, query: query, format: format)
    }

    func reopened() throws -> ResultStore {
      try ResultStore(buckets: ["results": folder.file("bucket")], index: folder.file("index"))
    }
  }

  @Test func keyPrefixesAreNormalized() throws {
    let fixture = try Fixture()
    #expect(try fixture.place("a//b/").uri == "s3://results/a/b/\(uuid(1)).csv")
    #expect(try fixture.place(nil, .parquet).uri == "s3://results/\(uuid(1)).parquet")
    #expect(try fixture.place("/a/./b").uri == "s3://results/a/b/\(uuid(1)).csv")
    #expect(try fixture.place("..a/b..").uri == "s3://results/..a/b../\(uuid(1)).csv")
  }

  @Test(arguments: [
    "..", "a/../b", "../a", "a/..", "a\nb", "a\u{0}b", "a\u{7F}", String(repeating: "x", count: 513),
  ])
  func prefixesThatLeaveTheFolderAreRefused(prefix: String) throws {
    let fixture = try Fixture()
    #expect(throws: ResultStoreError.badKeyPrefix(prefix)) { try fixture.place(prefix) }
  }

  @Test func unknownBucket() throws {
    let fixture = try Fixture()
    #expect(throws: ResultStoreError.unknownBucket("other")) {
      try fixture.store.location(bucket: "other", keyPrefix: nil, query: fixture.query, format: .csv)
    }
    #expect(ResultStoreError.unknownBucket("other").publicMessage.contains("results.buckets.other"))
  }

  @Test func linksAreNotFollowed() throws {
    let fixture = try Fixture()
    try FileManager.default.createDirectory(
      atPath: fixture.folder.file("bucket"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: fixture.folder.file("outside"), withIntermediateDirectories: true)
    symlink(fixture.folder.file("outside"), fixture.folder.file("bucket/link"))
    #expect(throws: ResultStoreError.notWritable(bucket: "results")) {
      _ = try fixture.store.stage(try fixture.place("link/deeper"))
    }
    #expect(try fixture.folder.files().isEmpty)
  }

  @Test func aLinkInTheFilesPlaceIsReplaced() throws {
    let fixture = try Fixture()
    let outside = fixture.folder.file("outside.csv")
    try Data("keep".utf8).write(to: URL(fileURLWithPath: outside))
    try FileManager.default.createDirectory(
      atPath: fixture.folder.file("bucket"), withIntermediateDirectories: true)
    for name in ["\(uuid(1)).csv", ".\(uuid(1)).csv.staged"] {
      symlink(outside, fixture.folder.file("bucket/\(name)"))
    }
    let staged = try fixture.store.stage(try fixture.place(nil))
    try staged.write([65])
    try staged.seal()
    try staged.publish()
    #expect(FileManager.default.contents(atPath: outside) == Data("keep".utf8))
    #expect(FileManager.default.contents(atPath: fixture.folder.file("bucket/\(uuid(1)).csv")) == Data([65]))
  }

  @Test func modesHoldWhateverTheUmask() throws {
    let before = umask(0)
    defer { umask(before) }
    let fixture = try Fixture()
    let staged = try fixture.store.stage(try fixture.place("deep/er"))
    #expect(mode(staged.path) == 0o600)
    try staged.write([65])
    try staged.seal()
    try staged.publish()
    #expect(mode(fixture.folder.file("bucket/deep/er/\(uuid(1)).csv")) == 0o600)
    #expect(mode(fixture.folder.file("bucket/deep")) == 0o700)
  }

  @Test func aResultIsCompleteOrAbsent() throws {
    let fixture = try Fixture()
    let final = fixture.folder.file("bucket/p/\(uuid(1)).csv")
    let staged = try fixture.store.stage(try fixture.place("p"))
    try staged.write(Array("a\n".utf8))
    try staged.write(Array("1\n".utf8))
    #expect(!FileManager.default.fileExists(atPath: final))
    #expect(try fixture.store.staged(query: fixture.query).isEmpty)
    try staged.seal()
    #expect(!FileManager.default.fileExists(atPath: final))
    #expect(try fixture.store.staged(query: fixture.query).count == 1)
    try staged.publish()
    #expect(FileManager.default.contents(atPath: final) == Data("a\n1\n".utf8))
    try staged.publish()
    #expect(try fixture.folder.files() == ["bucket/p/\(uuid(1)).csv"])
  }

  @Test func publishingWhatIsGoneFails() throws {
    let fixture = try Fixture()
    let staged = try fixture.store.stage(try fixture.place(nil))
    try staged.seal()
    unlink(staged.path)
    #expect(throws: ResultStoreError.notWritable(bucket: "results")) { try staged.publish() }
  }

  @Test func aRestartFindsWhatWasSealed() throws {
    let fixture = try Fixture()
    do {
      let staged = try fixture.store.stage(try fixture.place("p"))
      try staged.write([65])
      try staged.seal()
    }
    let store = try fixture.reopened()
    #expect(try store.stagedQueries() == [fixture.query])
    for staged in try store.staged(query: fixture.query) { try staged.publish() }
    #expect(try store.stagedQueries().isEmpty)
    #expect(try fixture.folder.files() == ["bucket/p/\(uuid(1)).csv"])
  }

  @Test func aRestartRemovesWhatWasNotSealed() throws {
    let fixture = try Fixture()
    do {
      let staged = try fixture.store.stage(try fixture.place("p"))
      try staged.write([65])
    }
    _ = try fixture.reopened()
    #expect(try fixture.folder.files().isEmpty)
  }

  @Test func discardLeavesNothing() throws {
    let fixture = try Fixture()
    let staged = try fixture.store.stage(try fixture.place("p"))
    try staged.write([65])
    try staged.seal()
    staged.discard()
    #expect(try fixture.folder.files().isEmpty)
    #expect(try fixture.store.stagedQueries().isEmpty)
  }

  @Test func aFullDiskIsCalledSo() throws {
    // Every write to this device fails with "no space left".
    let device = open("/dev/full", O_WRONLY)
    guard device >= 0 else { return }
    defer { close(device) }
    let fixture = try Fixture()
    let staged = try fixture.store.stage(try fixture.place(nil))
    staged.replaceFile(with: dup(device))
    #expect(throws: ResultStoreError.diskFull(bucket: "results")) { try staged.write([65]) }
    staged.discard()
    #expect(try fixture.folder.files().isEmpty)
  }
}
