import CleanRoomModel
import Foundation
import Synchronization

/// A folder below a bucket, opened step by step without following links.
final class ResultFolder: Sendable {
  let descriptor: Int32
  let path: String
  let bucket: String

  init(root: String, folders: [String], bucket: String) throws(ResultStoreError) {
    self.bucket = bucket
    path = ([root] + folders).joined(separator: "/")
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    var current = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for folder in folders where current >= 0 {
      _ = mkdirat(current, folder, 0o700)
      let next = openat(current, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      close(current)
      current = next
    }
    guard current >= 0 else { throw .notWritable(bucket: bucket) }
    descriptor = current
  }

  deinit { close(descriptor) }
}

/// A result in the making.
public final class StagedResult: Sendable {
  private let place: ResultPlace
  private let folder: ResultFolder
  private let index: StagedIndex
  private let file = Mutex<Int32>(-1)

  init(place: ResultPlace, folder: ResultFolder, index: StagedIndex) {
    self.place = place
    self.folder = folder
    self.index = index
  }

  deinit { closeFile() }

  private var stagedName: String { "." + place.fileName + ".staged" }

  /// For a writer that opens the file itself.
  public var path: String { folder.path + "/" + stagedName }

  func create() throws(ResultStoreError) {
    do { try index.begin() } catch { throw failure() }
    _ = unlinkat(folder.descriptor, stagedName, 0)
    let opened = openat(
      folder.descriptor, stagedName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw failure() }
    // The mode holds whatever the process's umask says.
    _ = fchmod(opened, 0o600)
    file.withLock { $0 = opened }
  }

  public func write(_ bytes: [UInt8]) throws(ResultStoreError) {
    let isWritten = file.withLock { file in
      bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
          let count = Foundation.write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return false }
          written += count
        }
        return true
      }
    }
    guard isWritten else { throw failure() }
  }

  /// Makes the staged file durable; from here a restart finds it again.
  public func seal() throws(ResultStoreError) {
    // A writer of its own may have replaced the file: its name is what counts.
    let current = openat(folder.descriptor, stagedName, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard current >= 0 else { throw failure() }
    defer { close(current) }
    _ = fchmod(current, 0o600)
    guard fsync(current) == 0, fsync(folder.descriptor) == 0, index.seal() else { throw failure() }
    closeFile()
  }

  /// Gives the file its final name; doing it twice changes nothing.
  public func publish() throws(ResultStoreError) {
    if renameat(folder.descriptor, stagedName, folder.descriptor, place.fileName) != 0 {
      let isPublished = errno == ENOENT && faccessat(folder.descriptor, place.fileName, F_OK, 0) == 0
      guard isPublished else { throw failure() }
    }
    guard fsync(folder.descriptor) == 0 else { throw failure() }
    index.forget()
  }

  public func discard() {
    closeFile()
    _ = unlinkat(folder.descriptor, stagedName, 0)
    index.forget()
  }

  private func closeFile() { replaceFile(with: -1) }

  func replaceFile(with descriptor: Int32) {
    file.withLock { file in
      if file >= 0 { close(file) }
      file = descriptor
    }
  }

  private func failure() -> ResultStoreError {
    errno == ENOSPC || errno == EDQUOT ? .diskFull(bucket: place.bucket) : .notWritable(bucket: place.bucket)
  }
}
