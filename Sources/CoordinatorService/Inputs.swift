import CleanRoomAPI
import CleanRoomModel

/// Reads structures out of validated inputs.
enum Inputs {
  static func queryLogEnabled(_ input: JSONValue) -> Bool? {
    input["queryLogStatus"]?.string.map { $0 == "ENABLED" }
  }

  static func defaultResult(_ input: JSONValue) -> DefaultResult? {
    let configuration = input["defaultResultConfiguration"]
    return configuration?["outputConfiguration"]?["s3"].flatMap { ResultLocation($0) }.map {
      DefaultResult(location: $0, roleArn: configuration?["roleArn"]?.string)
    }
  }
}
