import ArgumentParser
import CleanRoomModel
import CleanRoomScenario
import CleanRoomTransport
import Foundation

struct PKICommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pki",
    abstract: "Identities for organizations on different machines: every private key stays where it was made.",
    subcommands: [MakeAuthority.self, MakeRequest.self, SignRequest.self, RevokeIdentity.self])
}

/// The folder of an authority.
struct AuthorityOption: ParsableArguments {
  @Option(help: ArgumentHelp("The authority's folder, as cleanroom pki authority makes it.", valueName: "dir"))
  var authority: String

  func load() throws -> CertificateAuthority {
    do {
      return try CertificateAuthority(folder: authority)
    } catch {
      throw Failure.report(
        "\(authority): authority.pem and authority.key cannot be read. Name the folder that cleanroom pki authority made.",
        code: Failure.configuration)
    }
  }
}

struct MakeAuthority: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authority", abstract: "Make a certificate authority with an empty revocation list. Never overwrites.")

  @Argument(help: "The folder to make.")
  var directory: String

  @Option(help: "The consortium's name.")
  var name: String

  func validate() throws {
    guard (1...100).contains(name.count) else { throw ValidationError("--name should have 1 to 100 characters.") }
  }

  func run() async throws {
    try await Failure.reporting {
      let files = [
        CertificateAuthority.keyFile, CertificateAuthority.certificateFile, CertificateAuthority.revocationFile,
      ]
      for file in files where FileManager.default.fileExists(atPath: directory + "/" + file) {
        throw RequestProblem("\(directory)/\(file) exists already and is not overwritten. Choose another folder.")
      }
      let now = Date()
      do {
        try CertificateAuthority(name: name, now: now).write(to: directory, now: now)
      } catch is CocoaError {
        throw RequestProblem("\(directory) cannot be written. Choose a folder that you may write to.")
      }
      print("Made the authority of \(name) in \(directory).")
      print("Give every organization authority.pem and revoked.pem; authority.key never leaves this machine.")
    }
  }
}

struct MakeRequest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request", abstract: "Make a daemon's key and a request for its certificate. Never overwrites.")

  @Option(help: "The organization as ACCOUNT:NAME.")
  var member: String?

  @Flag(help: "For the coordinator.")
  var coordinator = false

  @Option(help: ArgumentHelp("The folder for identity.key and identity.csr.", valueName: "dir"))
  var out: String

  @Option(
    name: .customLong("api-host"),
    help: ArgumentHelp("A DNS name of the member's API; repeat it for several. Default: localhost.", valueName: "host"))
  var hosts: [String] = []

  func validate() throws {
    guard (member != nil) != coordinator else { throw ValidationError("Give either --member or --coordinator.") }
    if let member, ConsortiumMember(member) == nil {
      throw ValidationError(
        "'\(member)' is not ACCOUNT:NAME with an account of 12 digits, for instance \"123456789012:Acme Retail\".")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let organization = member.flatMap { ConsortiumMember($0) }
      let asked = try IdentityRequest.write(
        organization.map { .member($0.account) } ?? .coordinator,
        name: organization?.name ?? "Cleanroom coordinator", hostnames: hosts.isEmpty ? ["localhost"] : hosts, to: out)
      print("Made \(out)/\(IdentityRequest.keyFile), which stays here, and \(out)/\(IdentityRequest.requestFile).")
      print("Send the request to the authority, and tell it this fingerprint by another way:\n  \(asked.fingerprint)")
    }
  }
}

struct SignRequest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Issue the certificate that a request asks for. Never overwrites.",
    discussion:
      "Shows who asks. Compare the fingerprint with the one the organization told you before you send the file.")

  @Argument(help: "The request.")
  var request: String

  @OptionGroup var authority: AuthorityOption

  @Option(help: "How long the certificate is valid.")
  var days = 730

  @Option(help: ArgumentHelp("Where the certificate goes.", valueName: "file"))
  var out: String

  func validate() throws {
    guard (1...3650).contains(days) else { throw ValidationError("--days should be 1 to 3650.") }
  }

  func run() async throws {
    try await Failure.reporting {
      guard let pem = try? String(contentsOfFile: request, encoding: .utf8) else {
        throw RequestProblem("\(request) cannot be read. Name the file that cleanroom pki request made.")
      }
      let authority = try authority.load()
      let asked = try IdentityRequest(pem: pem)
      print("Asked by:    \(asked.role), \(asked.name)")
      print("For hosts:   \(asked.hostnames.isEmpty ? "none" : asked.hostnames.joined(separator: ", "))")
      print("Fingerprint: \(asked.fingerprint)")
      let end = try authority.sign(asked, days: days, to: out, now: Date())
      print("Issued \(out), valid until \(end.formatted(.iso8601)).")
    }
  }
}

struct RevokeIdentity: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Add a certificate to the authority's revocation list.",
    discussion: "Send the new revoked.pem to every organization; their daemons read it on SIGHUP.")

  @Argument(help: "The certificate's file, or its serial number in hexadecimal.")
  var certificate: String

  @OptionGroup var authority: AuthorityOption

  func run() async throws {
    try await Failure.reporting {
      let serial: String
      do {
        serial = try authority.load().revoke(certificate, folder: authority.authority, now: Date())
      } catch let problem as RequestProblem {
        throw problem
      } catch let code as ExitCode {
        throw code
      } catch {
        throw RequestProblem(
          "\(authority.authority)/\(CertificateAuthority.revocationFile) cannot be updated. Check that it is this authority's list and can be written."
        )
      }
      print(
        "Revoked \(serial). Send \(authority.authority)/\(CertificateAuthority.revocationFile) to every organization.")
    }
  }
}
