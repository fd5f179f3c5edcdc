import CleanRoomAPI
import CleanRoomDaemon
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One HTTP/1.1 request and its answer over TLS, a connection each.
struct HTTPExchange: Sendable {
  private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

  private let endpoint: Endpoint
  private let context: NIOSSLContext
  private static let answerLimit = 64 << 20
  private static let timeLimit: TimeAmount = .seconds(60)

  /// - Parameter authorities: a PEM file; nil for the machine's own.
  init(_ endpoint: Endpoint, authorities: String?) throws(ConfigurationError) {
    self.endpoint = endpoint
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = .fullVerification
    do {
      if let authorities {
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
      }
      context = try NIOSSLContext(configuration: configuration)
    } catch {
      throw ConfigurationError(
        file: authorities ?? "the machine's certificate authorities", key: "ca_bundle",
        problem: "cannot be read as certificates in PEM", remedy: "Name the consortium's authority.pem")
    }
  }

  /// - Throws: `ClientError`.
  func perform(_ request: APIRequest) async throws -> APIResponse {
    let connection: Connection
    do {
      connection = try await connect()
    } catch is NIOConnectionError {
      throw ClientError.unreachable("\(endpoint) cannot be reached. Start the member daemon, or correct the endpoint.")
    } catch {
      throw ClientError.unreachable("\(endpoint) cannot be used for a connection. Correct the endpoint.")
    }
    let timer = connection.channel.eventLoop.scheduleTask(in: Self.timeLimit) {
      connection.channel.close(promise: nil)
    }
    defer { timer.cancel() }
    do {
      return try await connection.executeThenClose { inbound, outbound in
        try await send(request, outbound)
        return try await receive(inbound)
      }
    } catch let error as ClientError {
      throw error
    } catch is NIOSSLError, is BoringSSLError, is NIOSSLExtraError {
      throw ClientError.unreachable(
        "SSL validation failed for \(endpoint): its certificate is not of an authority in the CA bundle, or not for this host. Check ca_bundle, --ca-bundle and AWS_CA_BUNDLE."
      )
    } catch {
      throw ClientError.unreachable(
        "\(endpoint) ended the connection without an answer. Try again; see the daemon's log.")
    }
  }

  private func connect() async throws -> Connection {
    // An address cannot be a server name; its certificate is checked against the address itself.
    let isAddress = (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
    let (context, name) = (context, isAddress ? nil : endpoint.host)
    return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(10))
      .connect(host: endpoint.host, port: endpoint.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
  }

  private func send(_ request: APIRequest, _ outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>)
    async throws
  {
    var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
    headers.add(name: "Content-Length", value: "\(request.body.count)")
    headers.add(name: "Connection", value: "close")
    headers.add(name: "User-Agent", value: "cleanroom")
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.target, headers: headers)
    try await outbound.write(.head(head))
    if !request.body.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: request.body)))) }
    try await outbound.write(.end(nil))
  }

  private func receive(_ inbound: NIOAsyncChannelInboundStream<HTTPClientResponsePart>) async throws -> APIResponse {
    var response: APIResponse?
    for try await part in inbound {
      switch part {
      case .head(let head):
        response = APIResponse(
          status: Int(head.status.code), headers: head.headers.map { (name: $0.name, value: $0.value) }, body: [])
      case .body(let bytes):
        guard (response?.body.count ?? 0) + bytes.readableBytes <= Self.answerLimit else {
          throw ClientError.notTheAPI("The endpoint's answer is larger than any of the API.")
        }
        response?.body += bytes.readableBytesView
      case .end:
        if let response { return response }
      }
    }
    throw ClientError.unreachable(
      "\(endpoint) ended the connection without an answer. Try again; see the daemon's log.")
  }
}
