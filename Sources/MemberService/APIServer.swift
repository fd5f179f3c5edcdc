import CleanRoomAPI
import CleanRoomDaemon
import Hummingbird
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle

/// The HTTPS server of the API. It adds nothing to requests and changes nothing in them: the handler sees the target
/// and the header fields as they came, repeated ones too.
struct APIServer: Sendable {
  private let application: Application<APIResponder>
  private let group: ServiceGroup
  private let host: String
  private let port: Int

  /// - Parameter onServing: is told the port.
  init(
    _ configuration: MemberConfiguration, tls: TLSConfiguration, handler: APIHandler, logger: Logger,
    onServing: @escaping @Sendable (Int) -> Void
  ) throws {
    var quiet = logger
    quiet.logLevel = .warning
    (host, port) = (configuration.api.host, configuration.api.port)
    application = Application(
      responder: APIResponder(handler: handler),
      server: try .tls(
        .http1(configuration: .init(additionalChannelHandlers: [RequestDeadline()])), tlsConfiguration: tls),
      configuration: .init(address: .hostname(host, port: port)),
      onServerRunning: { channel in onServing(channel.localAddress?.port ?? 0) }, logger: quiet)
    var settings = ServiceGroupConfiguration(services: [application], logger: quiet)
    // Waited for twice: by the service group and by the server.
    settings.maximumGracefulShutdownDuration = .seconds(3)
    group = ServiceGroup(configuration: settings)
  }

  /// Serves until `stop`.
  /// - Throws: `StartError` when the address cannot be used.
  func run() async throws {
    do {
      try await group.run()
    } catch is IOError {
      throw StartError.cannotListen(host: host, port: port)
    }
  }

  /// Requests under way are answered first, for some seconds.
  func stop() async { await group.triggerGracefulShutdown() }
}

/// The connection, so that its deadline can be told where a request stands.
struct APIRequestContext: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}

struct APIResponder: HTTPResponder {
  let handler: APIHandler

  func respond(to request: Request, context: APIRequestContext) async throws -> Response {
    var complete = try await read(request)
    complete?.source = context.channel.remoteAddress?.ipAddress
    context.channel.triggerUserOutboundEvent(RequestDeadline.Event.requestComplete, promise: nil)
    defer { context.channel.triggerUserOutboundEvent(RequestDeadline.Event.requestAnswered, promise: nil) }
    return Self.response(await handler.respond(to: complete))
  }

  /// - Returns: nil when the body is too large.
  private func read(_ request: Request) async throws -> APIRequest? {
    var body: [UInt8] = []
    for try await buffer in request.body {
      guard body.count + buffer.readableBytes <= APIHandler.bodyLimit else { return nil }
      body += buffer.readableBytesView
    }
    var headers: [(name: String, value: String)] = []
    // The first Host field is kept apart from the others.
    if let host = request.head.authority { headers.append((name: "host", value: host)) }
    headers += request.headers.map { (name: $0.name.rawName, value: $0.value) }
    return APIRequest(
      method: request.method.rawValue, target: request.head.path ?? "/", headers: headers, body: body)
  }

  private static func response(_ answer: APIResponse) -> Response {
    var fields = HTTPFields()
    for (name, value) in answer.headers {
      if let name = HTTPFields.Element.Name(name) { fields[name] = value }
    }
    let body = answer.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
    return Response(status: .init(code: answer.status), headers: fields, body: body)
  }
}
