import NIOCore

/// One connection through a relay: both sockets, both directions. Belongs to the relay's event loop.
final class RelayConnection {
  private let near: any Channel
  private let far: any Channel
  private let files: ConnectionFiles?
  private var flows: [RelayFlow] = []

  init(near: any Channel, far: any Channel, files: ConnectionFiles?, pace: @escaping () -> RelayPace) {
    self.near = near
    self.far = far
    self.files = files
    let onEnd: () -> Void = { [weak self] in self?.flowEnded() }
    let outward = RelayFlow(
      from: near, to: far, pace: pace, record: { try files?.record($0, sent: true) }, onEnd: onEnd)
    let inward = RelayFlow(
      from: far, to: near, pace: pace, record: { try files?.record($0, sent: false) }, onEnd: onEnd)
    flows = [outward, inward]
  }

  func begin(near nearHandler: RelayHandler, far farHandler: RelayHandler) {
    farHandler.attach(incoming: flows[1], outgoing: flows[0])
    nearHandler.attach(incoming: flows[0], outgoing: flows[1])
    for flow in flows { flow.read() }
  }

  /// The pace has changed.
  func hurry() { for flow in flows where !flow.isDone { flow.pass() } }

  func cut() { for flow in flows { flow.abandon() } }

  private func flowEnded() {
    if flows.allSatisfy(\.isDone) { for channel in [near, far] { channel.close(promise: nil) } }
  }

  /// Once both sockets are closed.
  func finish() { try? files?.finish() }

  var closed: EventLoopFuture<Void> {
    near.closeFuture.and(far.closeFuture).map { _ in }
  }
}
