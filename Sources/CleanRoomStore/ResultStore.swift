import CleanRoomModel
import Foundation

public enum ResultStoreError: Error, Sendable, Equatable {
  case unknownBucket(String)
  case badKeyPrefix(String)
  case diskFull(bucket: String)
  case notWritable(bucket: String)

  /// For people of other organizations too: no path of this machine.
  public var publicMessage: String {
    switch self {
    case .unknownBucket(let bucket):
      "no bucket \(bucket) is configured at the receiver; add results.buckets.\(bucket) to its member.yaml"
    case .badKeyPrefix:
      "the key prefix holds '..', a control character, or is longer than 512 characters (255 between two slashes)"
    case .diskFull(let bucket): "the disk behind bucket \(bucket) is full"
    case .notWritable(let bucket): "the folder behind bucket \(bucket) cannot be written"
    }
  }
}

/// Where one result goes.
public struct ResultPlace: Sendable, Codable, Equatable {
  public let bucket: String
  /// Folders below the bucket's.
  public let folders: [String]
  public let fileName: String
  public let query: QueryID

  /// `s3://BUCKET/KEYPREFIX/QUERYID.csv`.
  public var uri: String { "s3://" + ([bucket] + folders + [fileName]).joined(separator: "/") }
}

/// Results on disk: staged under a temporary name, then made visible by a rename, complete or absent.
public struct ResultStore: Sendable {
  private let buckets: [String: String]
  /// Remembers staged results over a restart, one small file each.
  private let index: String

  /// Removes what a crash left half written.
  /// - Parameters:
  ///   - buckets: folder by bucket name.
  ///   - index: a folder of this store's own.
  public init(buckets: [String: String], index: String) throws(ResultStoreError) {
    self.buckets = buckets
    self.index = index
    do {
      try FileManager.default.createDirectory(
        atPath: index, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try removeUnfinished()
    } catch {
      throw .notWritable(bucket: "")
    }
  }

  public func location(
    bucket: String, keyPrefix: String?, query: QueryID, format: ResultFormat
  ) throws(ResultStoreError) -> ResultPlace {
    guard buckets[bucket] != nil else { throw .unknownBucket(bucket) }
    let prefix = keyPrefix ?? ""
    let folders = prefix.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    let isClean = prefix.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard isClean, prefix.unicodeScalars.count <= 512, !folders.contains(".."),
      folders.allSatisfy({ $0.utf8.count <= 255 })
    else { throw .badKeyPrefix(prefix) }
    return ResultPlace(
      bucket: bucket, folders: folders.filter { $0 != "." },
      fileName: query.value + "." + format.rawValue.lowercased(), query: query)
  }

  public func isPublished(_ place: ResultPlace) -> Bool {
    guard let root = buckets[place.bucket] else { return false }
    let path = ([root] + place.folders + [place.fileName]).joined(separator: "/")
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Begins a result: a new, empty file that nobody sees under its final name.
  public func stage(_ place: ResultPlace) throws(ResultStoreError) -> StagedResult {
    guard let root = buckets[place.bucket] else { throw .unknownBucket(place.bucket) }
    let folder = try ResultFolder(root: root, folders: place.folders, bucket: place.bucket)
    let staged = StagedResult(place: place, folder: folder, index: StagedIndex(folder: index, place: place))
    try staged.create()
    return staged
  }

  /// Results of a query that are complete and wait for its end.
  public func staged(query: QueryID) throws -> [StagedResult] {
    try StagedIndex.places(in: index, .sealed).filter { $0.query == query }.compactMap(reopened)
  }

  public func stagedQueries() throws -> [QueryID] {
    Array(Set(try StagedIndex.places(in: index, .sealed).map(\.query)))
  }

  private func reopened(_ place: ResultPlace) throws(ResultStoreError) -> StagedResult? {
    guard let root = buckets[place.bucket] else { return nil }
    let folder = try ResultFolder(root: root, folders: place.folders, bucket: place.bucket)
    return StagedResult(place: place, folder: folder, index: StagedIndex(folder: index, place: place))
  }

  private func removeUnfinished() throws {
    for place in try StagedIndex.places(in: index, .begun) { try? reopened(place)?.discard() }
  }
}

/// Remembers one staged result in the store's index: begun, then sealed, then forgotten.
struct StagedIndex: Sendable {
  enum State: String { case begun, sealed }

  let folder: String
  let place: ResultPlace

  private func file(_ state: State) -> String { "\(folder)/\(place.fileName).\(state.rawValue)" }

  func begin() throws {
    try JSONEncoder().encode(place).write(to: URL(fileURLWithPath: file(.begun)), options: .atomic)
  }

  /// - Returns: whether the change is on disk.
  func seal() -> Bool {
    guard rename(file(.begun), file(.sealed)) == 0 else { return false }
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  func forget() {
    unlink(file(.begun))
    unlink(file(.sealed))
  }

  static func places(in folder: String, _ state: State) throws -> [ResultPlace] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
      guard name.hasSuffix("." + state.rawValue),
        let data = FileManager.default.contents(atPath: folder + "/" + name)
      else { return nil }
      return try? JSONDecoder().decode(ResultPlace.self, from: data)
    }
  }
}
