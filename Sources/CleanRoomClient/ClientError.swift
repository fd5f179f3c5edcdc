import CleanRoomAPI

/// Why a call came to nothing before there was an answer of the API.
public enum ClientError: Error, Sendable, Equatable {
  /// The input does not fit the operation; in words for the caller.
  case badInput(String)
  /// The endpoint cannot be reached, is not who it should be, or does not answer; with what to do.
  case unreachable(String)
  /// What came is no answer of the API.
  case notTheAPI(String)
}
