import Foundation

/// Makes a process as POSIX has it.
enum Spawn {
  /// - Returns: the process's number; somebody has to wait for it.
  static func spawn(_ launch: ChildProcess.Launch) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input = launch.input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, launch.output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    if launch.errors == launch.output {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, launch.errors, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setSignals(&attributes, isApart: launch.isApart)
    return try perform(launch, &actions, &attributes)
  }

  /// The process begins with no signal blocked or ignored, and in a group of its own.
  private static func setSignals(_ attributes: inout posix_spawnattr_t, isApart: Bool) {
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let group = isApart ? POSIX_SPAWN_SETSID : Int32(POSIX_SPAWN_SETPGROUP)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(group | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
  }

  private static func perform(
    _ launch: ChildProcess.Launch, _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
  ) throws -> pid_t {
    // The call that changes the folder is no part of POSIX yet.
    let words = ["env", "-C", launch.folder] + launch.arguments
    let arguments = words.map { strdup($0) } + [nil]
    let environment = launch.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var id: pid_t = 0
    guard SystemTool.isThere(launch.arguments[0]) else {
      throw RunProblem("The program \(launch.arguments[0]) is not there. Install it, or correct PATH.")
    }
    let result = posix_spawnp(&id, words[0], &actions, &attributes, arguments, environment)
    guard result == 0 else {
      throw RunProblem(
        "\(launch.arguments[0]) cannot be started (\(String(cString: strerror(result)))). Close other programs.")
    }
    return id
  }

  /// glibc's value; the header's is behind a feature macro that Swift does not set.
  private static let POSIX_SPAWN_SETSID: Int32 = 0x80
}

/// Why a scenario cannot be run, or not to its end; with what to do.
public struct RunProblem: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
