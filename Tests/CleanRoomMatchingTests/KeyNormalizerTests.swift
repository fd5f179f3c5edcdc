import CleanRoomModel
import Testing

@testable import CleanRoomMatching

@Suite struct KeyNormalizerTests {
  @Test(arguments: [
    (KeyForm.none, " Ada ", " Ada "), (.sha256Hex, "AB", "AB"), (.trim, " \t\n\u{B}\u{C}\rAda B ", "Ada B"),
    (.trim, "   ", ""), (.trim, "\u{A0}x", "\u{A0}x"), (.lowercase, " ADA É ", "ada é"),
    (.email, " Ada@X.ORG", "ada@x.org"),
    (.email, "İ", "i\u{307}"), (.phone, " +49 (30) 1-2", "+493012"), (.phone, "030/12", "03012"),
    (.phone, "1+2", "12"),
    (.phone, "٣", ""), (.phone, "1\u{301}2", "12"),
  ])
  func canonicalSpelling(form: KeyForm, text: String, expected: String) {
    #expect(KeyNormalizer.normalize(text, as: form) == expected)
  }

  /// Capital letters that came with Unicode 16 stay, or members with older software would not match.
  @Test func lettersNewerThanTheRuleStay() {
    #expect(KeyNormalizer.normalize("A\u{A7CB}", as: .lowercase) == "a\u{A7CB}")
  }

  @Test func digest() {
    #expect(
      KeyNormalizer.sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
