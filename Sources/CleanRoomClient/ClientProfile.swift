import CleanRoomDaemon
import CleanRoomModel
import Foundation

/// Where the API is, and as whom to call it: found as the AWS CLI finds it.
public struct ClientProfile: Sendable {
  public let endpoint: Endpoint
  public let region: String
  /// PEM; nil for the machine's own authorities.
  public let authorities: String?
  let accessKey: String
  let secret: Secret<String>
  let sessionToken: String?

  /// What the command line says; it wins.
  public struct Options: Sendable {
    public var profile: String?
    public var endpoint: String?
    public var authorities: String?

    public init(profile: String? = nil, endpoint: String? = nil, authorities: String? = nil) {
      self.profile = profile
      self.endpoint = endpoint
      self.authorities = authorities
    }
  }

  /// - Throws: `ConfigurationError`, naming file, setting and remedy.
  public static func load(_ options: Options, environment: [String: String]) throws(ConfigurationError)
    -> ClientProfile
  {
    try ProfileSources(options, environment).profile()
  }
}

/// The files and variables that make a profile.
private struct ProfileSources {
  private let options: ClientProfile.Options
  private let environment: [String: String]
  private let name: String
  private let configFile: String
  private let credentialsFile: String
  private let config: ProfileFile
  private let credentials: ProfileFile

  init(_ options: ClientProfile.Options, _ environment: [String: String]) throws(ConfigurationError) {
    self.options = options
    // An empty variable counts as absent.
    let environment = environment.filter { !$0.value.isEmpty }
    self.environment = environment
    name = options.profile ?? environment["AWS_PROFILE"] ?? "default"
    configFile = Self.path(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config", environment)
    credentialsFile = Self.path(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials", environment)
    config = try ProfileFile.read(configFile)
    credentials = try ProfileFile.read(credentialsFile)
  }

  private static func path(_ path: String, _ environment: [String: String]) -> String {
    path.hasPrefix("~/") ? (environment["HOME"] ?? NSHomeDirectory()) + path.dropFirst() : path
  }

  private var settings: [String: String] {
    config["profile \(name)"] ?? (name == "default" ? config["default"] : nil) ?? [:]
  }

  func profile() throws(ConfigurationError) -> ClientProfile {
    if options.profile != nil, settings.isEmpty, credentials[name] == nil {
      throw ConfigurationError(
        file: configFile, problem: "has no profile \(name)", remedy: "Name another with --profile, or add it")
    }
    let (key, secret, token) = try keys()
    return ClientProfile(
      endpoint: try endpoint(), region: try region(),
      authorities: options.authorities ?? environment["AWS_CA_BUNDLE"] ?? settings["ca_bundle"], accessKey: key,
      secret: secret, sessionToken: token)
  }

  /// A profile that the command line names comes before keys in the environment; otherwise those win.
  private func keys() throws(ConfigurationError) -> (String, Secret<String>, String?) {
    if options.profile == nil, let key = environment["AWS_ACCESS_KEY_ID"],
      let secret = environment["AWS_SECRET_ACCESS_KEY"]
    {
      return (key, Secret(secret), environment["AWS_SESSION_TOKEN"])
    }
    for settings in [credentials[name] ?? [:], settings] {
      if let key = settings["aws_access_key_id"], let secret = settings["aws_secret_access_key"] {
        return (key, Secret(secret), settings["aws_session_token"])
      }
    }
    throw ConfigurationError(
      file: credentialsFile, key: "[\(name)]", problem: "has no aws_access_key_id and aws_secret_access_key",
      remedy: "Add them, or choose another profile with --profile")
  }

  private func region() throws(ConfigurationError) -> String {
    if let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? settings["region"] {
      return region
    }
    throw ConfigurationError(
      file: configFile, key: "[profile \(name)] region", problem: "is missing",
      remedy: "Add the region of the member daemon, such as us-east-1")
  }

  private func endpoint() throws(ConfigurationError) -> Endpoint {
    let service = settings["services"].flatMap { config["services \($0)"]?["cleanrooms.endpoint_url"] }
    let text =
      options.endpoint ?? environment["AWS_ENDPOINT_URL_CLEANROOMS"] ?? environment["AWS_ENDPOINT_URL"] ?? service
      ?? settings["endpoint_url"]
    guard let text else {
      throw ConfigurationError(
        file: configFile, key: "[profile \(name)] endpoint_url", problem: "is missing",
        remedy: "Add the address of the member daemon's API, such as https://localhost:7443, or give --endpoint-url")
    }
    guard let endpoint = Endpoint(text) else {
      throw ConfigurationError(
        file: configFile, key: "endpoint_url", problem: "should be https://HOST:PORT",
        remedy: "Correct it, for instance https://localhost:7443")
    }
    return endpoint
  }
}

/// `https://HOST:PORT`.
public struct Endpoint: Sendable, Equatable, CustomStringConvertible {
  public let host: String
  public let port: Int

  public init?(_ text: String) {
    guard let url = URL(string: text), url.scheme == "https", let host = url.host, !host.isEmpty,
      ["", "/"].contains(url.path), url.query == nil, url.user == nil
    else { return nil }
    self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    port = url.port ?? 443
  }

  /// As the AWS SDKs write it: without the standard port.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == 443 ? name : "\(name):\(port)"
  }

  public var description: String { "https://\(authority)" }
}
