import CleanRoomModel
import Foundation
import GRDB
import Testing

@testable import CleanRoomStore

@Suite struct DocumentStoreTests {
  private struct Note: Codable, Sendable, Equatable { var text: String }
  private struct Stop: Error {}
  private static let kind = DocumentKind<Note>(name: "note")
  private static func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

  @Test func documentsSurviveReopening() throws {
    let folder = try ScratchFolder()
    do {
      let store = try DocumentStore(path: folder.file("s.sqlite"))
      try store.write { writer in
        try writer.insert(Self.kind, id: "b", parent: "p", value: Note(text: "two"), at: Self.time(2))
        try writer.insert(Self.kind, id: "a", parent: "p", value: Note(text: "one"), at: Self.time(1))
        try writer.insert(Self.kind, id: "c", parent: "q", value: Note(text: "three"), at: Self.time(3))
        try writer.put(Self.kind, id: "a", parent: "p", value: Note(text: "uno"), at: Self.time(9))
        try writer.delete(Self.kind, "c")
      }
    }
    let store = try DocumentStore(path: folder.file("s.sqlite"))
    let found = try store.read { try $0.list(Self.kind, parent: "p") }
    #expect(found.map(\.value.text) == ["uno", "two"])
    #expect(found.first?.createdAt == Self.time(1) && found.first?.updatedAt == Self.time(9))
    #expect(try store.read { try $0.list(Self.kind) }.count == 2)
    #expect(try store.read { try $0.count(Self.kind) } == 2)
    #expect(try store.read { try $0.count(DocumentKind<Note>(name: "other")) } == 0)
    #expect(try store.read { try $0.get(Self.kind, "c") } == nil)
    #expect(mode(folder.file("s.sqlite")) == 0o600)
  }

  @Test func insertingTwiceIsRefused() throws {
    let folder = try ScratchFolder()
    let store = try DocumentStore(path: folder.file("s.sqlite"))
    try store.write {
      try $0.insert(Self.kind, id: "a", parent: nil, value: Note(text: ""), at: Self.time(1))
    }
    #expect(throws: StoreError.exists) {
      try store.write {
        try $0.insert(Self.kind, id: "a", parent: nil, value: Note(text: ""), at: Self.time(1))
      }
    }
  }

  @Test func aFailedTransactionLeavesNothing() throws {
    let folder = try ScratchFolder()
    let store = try DocumentStore(path: folder.file("s.sqlite"))
    #expect(throws: Stop.self) {
      try store.write { writer in
        try writer.insert(Self.kind, id: "a", parent: nil, value: Note(text: ""), at: Self.time(1))
        throw Stop()
      }
    }
    #expect(try store.read { try $0.list(Self.kind) }.isEmpty)
    try store.write {
      try $0.insert(Self.kind, id: "b", parent: nil, value: Note(text: ""), at: Self.time(1))
    }
    #expect(try store.read { try $0.list(Self.kind) }.map(\.id) == ["b"])
  }

  @Test(arguments: [
    "json = '{\"text\":\"TWO\"}'", "json = substr(json, 1, 5)", "json = x'ff00'", "id = 'z'",
    "parent = 'other'",
    "parent = NULL", "checksum = x''", "checksum = 'text'", "createdAt = 'never'",
  ])
  func aTornRowIsDetected(change: String) throws {
    let folder = try ScratchFolder()
    let store = try DocumentStore(path: folder.file("s.sqlite"))
    try store.write {
      try $0.insert(Self.kind, id: "a", parent: "p", value: Note(text: "two"), at: Self.time(1))
    }
    try DatabaseQueue(path: folder.file("s.sqlite")).write {
      try $0.execute(sql: "UPDATE document SET \(change)")
    }
    #expect(throws: StoreError.damaged(kind: "note", id: change.hasPrefix("id") ? "z" : "a")) {
      try store.read { try $0.list(Self.kind) }
    }
  }

  @Test func aFileOfANewerVersionIsRefused() throws {
    let folder = try ScratchFolder()
    _ = try DocumentStore(path: folder.file("s.sqlite"))
    try DatabaseQueue(path: folder.file("s.sqlite")).write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
    }
    #expect(throws: StoreError.tooNew) { _ = try DocumentStore(path: folder.file("s.sqlite")) }
  }

  @Test func whatIsNoDatabaseIsRefused() throws {
    let folder = try ScratchFolder()
    try Data(repeating: 65, count: 4096).write(to: URL(fileURLWithPath: folder.file("s.sqlite")))
    #expect(throws: StoreError.cannotOpen) { _ = try DocumentStore(path: folder.file("s.sqlite")) }
    symlink("/tmp/elsewhere.sqlite", folder.file("link.sqlite"))
    #expect(throws: StoreError.cannotOpen) { _ = try DocumentStore(path: folder.file("link.sqlite")) }
  }

  @Test func aStateFolderHasOneHolder() throws {
    let folder = try ScratchFolder()
    let path = folder.file("state")
    do {
      let first = try StateFolder(path: path)
      #expect(throws: StateFolderError.inUse(path)) { _ = try StateFolder(path: path) }
      #expect(first.file("x") == path + "/x")
      #expect(mode(path) == 0o700)
    }
    _ = try StateFolder(path: path)
  }
}
