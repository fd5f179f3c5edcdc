import CleanRoomModel

@testable import CleanRoomAPI

/// Requests as botocore 1.43 signed them, at 2025-11-24T12:00:00Z with the example key pair of AWS's documentation.
enum BotocoreVectors {
  static let accessKey = "AKIDEXAMPLE"
  static let secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
  static let time = "20251124T120000Z"
  static let now = Timestamp(milliseconds: 1_763_985_600_000)

  static let requests: [APIRequest] = [
    request(
      "GET", "/collaborations",
      "918674a7ba723dab3b7515f59c5a3891ad043c2ccfa5b0525be03461d1d1d46b"),
    request(
      "GET", "/collaborations?maxResults=5&nextToken=a%2Bb%2Fc%3D%20%26%3F~%C3%A9&memberStatus=ACTIVE",
      "2c0b6837d13ded8eafecc6ab6c777bc7974f1531a0fb6942ee4c65341466d9d5"),
    request(
      "POST", "/collaborations",
      "0e7f5f15180be8ffc4a6b26eb85c42c896de6e760fd17761706415fd584a6a8e", contentType: true,
      body:
        #"{"name": "Zo\u00eb \"x\"", "description": "a\nb", "creatorMemberAbilities": ["CAN_QUERY"], "creatorDisplayName": "A", "members": [], "queryLogStatus": "ENABLED"}"#
    ),
    request(
      "PATCH", "/collaborations/a1b2c3d4-5678-90ab-cdef-1234567890ab",
      "e0dab7b4dcdb9a5d241242ebd1fdc8470bf4a0cf9efa4b1108c097f60ec9d695", contentType: true,
      body: #"{"name": "n"}"#),
    request(
      "DELETE", "/collaborations/a1b2c3d4-5678-90ab-cdef-1234567890ab",
      "95cb00f3c719c3f0e9cdedf33970748a1fca1f4f596d4dcbcef62f1ca237ade0"),
    request(
      "GET",
      "/tags/arn%3Aaws%3Acleanrooms%3Aus-east-1%3A123456789012%3Amembership%2Fa1b2c3d4-5678-90ab-cdef-1234567890ab",
      "53ab762099558b94ed186b5a65dcd2be3e76ebfaf399176de1027ce461f6fa32"),
    request(
      "DELETE",
      "/tags/arn%3Aaws%3Acleanrooms%3Aus-east-1%3A123456789012%3Amembership%2Fa1b2c3d4-5678-90ab-cdef-1234567890ab?tagKeys=b&tagKeys=a&tagKeys=a%20b&tagKeys=A",
      "929e26a13f300b1081b2ca27a48b2c2d3ba7831d916d4f1563f3b9496ea14003"),
    request(
      "GET", "/collaborations/weird%20id%2F%C3%A9%2A~%27%28%29",
      "6c815b5650e4ddcce45056424e110e3ea9778bf999650d51aa1a0cbf324a0278"),
    request(
      "GET", "/collaborations/./a//b/../c/",
      "71c48b9223e7420c83ccc199d7983407df31d74a633621c6a39180db95a082d7"),
    request(
      "GET", "/..//collaborations/",
      "a7e61ecebbfdd3c27ae8f581000e22af26c834d86502659a62ef457c4065f41e"),
    request(
      "GET", "/collaborations/%2E%2E/x/.",
      "c7c3927c1a0bf77c8a4d64a4adf86fa53d2b9babe0b284d650bbef200aa19edf"),
    request(
      "GET", "/collaborations/..",
      "192b29eba7648e691d71303a5e125303a82d56890803bc0a31e86f54f202ab99"),
  ]

  private static func request(
    _ method: String, _ target: String, _ signature: String, contentType: Bool = false, body: String = ""
  ) -> APIRequest {
    let signed = contentType ? "content-type;host;x-amz-date" : "host;x-amz-date"
    let type = contentType ? [(name: "Content-Type", value: "application/json")] : []
    return APIRequest(
      method: method, target: target,
      headers: type + [
        ("Host", "localhost:7443"), ("X-Amz-Date", time), ("User-Agent", "aws-cli"),
        (
          "Authorization",
          "AWS4-HMAC-SHA256 Credential=\(accessKey)/20251124/us-east-1/cleanrooms/aws4_request, SignedHeaders=\(signed), Signature=\(signature)"
        ),
      ], body: Array(body.utf8))
  }
}
