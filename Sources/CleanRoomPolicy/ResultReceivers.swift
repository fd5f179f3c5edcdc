import CleanRoomModel

/// Who may receive a query's result: every table's owner must permit every receiver.
struct ResultReceivers {
  let context: PolicyContext

  /// - Returns: the extensions that were used.
  func check(_ tables: [BoundTable], _ reasons: inout ReasonList) -> SmallSet<PolicyExtension> {
    var extensions: SmallSet<PolicyExtension> = []
    if context.receivers.isEmpty { reasons.add(.receiverNotAllowed, ReasonText.noReceiver, at: nil) }
    for table in tables {
      guard let allowed = table.published.allowedResultReceivers else {
        if context.extended {
          extensions.insert(.noAssociationRule)
        } else {
          reasons.add(.receiverNotAllowed, ReasonText.noAssociationRule(table.published), at: table.span)
        }
        continue
      }
      for receiver in context.receivers where !allowed.contains(receiver) {
        reasons.add(.receiverNotAllowed, ReasonText.receiver(receiver, table.published), at: table.span)
      }
    }
    return extensions
  }
}
