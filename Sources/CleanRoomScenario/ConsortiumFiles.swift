/// The texts of a development consortium's files.
enum ConsortiumFiles {
  static func coordinator(port: Int) -> String {
    """
    # The coordinator daemon: cleanroom coordinator --config coordinator.yaml
    listen: 127.0.0.1:\(port)
    identity:
      certificate: identity.pem
      privateKey: identity.key
      authority: ../ca/authority.pem
      revocations: ../ca/revoked.pem
    state: state/
    limits:
      queryMemory: 2GiB
      querySpill: 20GiB
      queryTime: 15min
      concurrentQueries: 4

    """
  }

  static func member(_ member: ConsortiumMember, coordinatorPort: Int, apiPort: Int) -> String {
    """
    # The member daemon of \(member.name): cleanroom member --config member.yaml
    account: "\(member.account)"
    name: \(quoted(member.name))
    region: us-east-1
    coordinator: localhost:\(coordinatorPort)
    identity:
      certificate: identity.pem
      privateKey: identity.key
      authority: ../../ca/authority.pem
      revocations: ../../ca/revoked.pem
    state: state/
    api:
      listen: 127.0.0.1:\(apiPort)
      credentials: credentials
      mode: extended
    results:
      buckets:
        my-cleanroom-results: {directory: results/}

    # What a configured table may name (glue databaseName.tableName). Raw data stays on this machine.
    # catalog:
    #   retail_analytics:
    #     purchases:
    #       source: {csv: data/purchases.csv}
    #       columns:
    #         purchase_amount: {type: "decimal(12,2)"}
    #         hashed_email: {sha256: email, normalize: email}

    """
  }

  /// The AWS shared-credentials format.
  static func credentials(_ profiles: [(profile: String, key: AccessKey)]) -> String {
    profiles.map { profile, key in
      key.secret.withExposed { secret in
        "[\(profile)]\naws_access_key_id = \(key.id)\naws_secret_access_key = \(secret)\n"
      }
    }.joined(separator: "\n")
  }

  static func awsConfiguration(_ consortium: DevelopmentConsortium) -> String {
    consortium.members.map { member in
      """
      [profile \(member.profile)]
      region = us-east-1
      output = json
      endpoint_url = https://localhost:\(consortium.apiPort(of: member))
      ca_bundle = \(consortium.folder)/ca/authority.pem
      cli_pager =

      """
    }.joined(separator: "\n")
  }

  /// A YAML double-quoted scalar.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
