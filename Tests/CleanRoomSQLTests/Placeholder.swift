import Testing
@testable import CleanRoomSQL
@Test func placeholder() { #expect(SourceSpan.none == SourceSpan.none) }
