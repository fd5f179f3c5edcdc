"""Builds mutants into Swift source, each behind a switch that the environment sets: CLEANROOM_MUTANT is its number."""

PRECEDENCE = {"&&": "LogicalConjunction", "||": "LogicalDisjunction"}

SWITCHBOARD = """
import Foundation

private let switched = Int(ProcessInfo.processInfo.environment["CLEANROOM_MUTANT"] ?? "") ?? 0
@inline(never) func mutant(_ number: Int) -> Bool { number == switched }
func flip(_ number: Int, _ value: Bool) -> Bool { mutant(number) != value }
func flip(_ number: Int, _ value: Bool?) -> Bool? { value.map { mutant(number) != $0 } }

extension Sequence {
  func filter(mutant number: Int, _ holds: (Element) -> Bool) -> [Element] { filter { mutant(number) != holds($0) } }
  func first(mutant number: Int, where holds: (Element) -> Bool) -> Element? { first { mutant(number) != holds($0) } }
  func count(mutant number: Int, where holds: (Element) -> Bool) -> Int { count { mutant(number) != holds($0) } }
  func contains(mutant number: Int, where holds: (Element) -> Bool) -> Bool {
    mutant(number) ? allSatisfy(holds) : contains(where: holds)
  }
  func allSatisfy(mutant number: Int, _ holds: (Element) -> Bool) -> Bool {
    mutant(number) ? contains(where: holds) : allSatisfy(holds)
  }
}

extension Collection {
  func firstIndex(mutant number: Int, where holds: (Element) -> Bool) -> Index? {
    firstIndex { mutant(number) != holds($0) }
  }
  func drop(mutant number: Int, while holds: (Element) -> Bool) -> SubSequence {
    drop { mutant(number) != holds($0) }
  }
  func prefix(mutant number: Int, while holds: (Element) -> Bool) -> SubSequence {
    prefix { mutant(number) != holds($0) }
  }
}

extension RangeReplaceableCollection {
  func filter(mutant number: Int, _ holds: (Element) -> Bool) -> Self { filter { mutant(number) != holds($0) } }
}
extension Set {
  func filter(mutant number: Int, _ holds: (Element) -> Bool) -> Self { filter { mutant(number) != holds($0) } }
}
extension Dictionary {
  func filter(mutant number: Int, _ holds: (Element) -> Bool) -> Self { filter { mutant(number) != holds($0) } }
}
"""


def symbol(word, number):
    """An operator of its own for each mutant: Swift's operators may have these characters."""
    return word + "".join("⊕⊖⊗⊘⊙⊚⊛⊜⊝⊞"[int(digit)] for digit in str(number))


def switchboard(numbered, texts):
    """Swift source of the switch and of every switched operator."""
    lines = [SWITCHBOARD]
    for number, mutant in numbered.items():
        word = texts[mutant.file][mutant.start:mutant.end]
        name = symbol(word, number)
        if word == "!":
            lines += [f"prefix operator {name}",
                      f"prefix func {name} (value: Bool) -> Bool {{ mutant({number}) ? value : !value }}"]
        elif word in PRECEDENCE:
            lines += [f"infix operator {name}: {PRECEDENCE[word]}Precedence",
                      f"func {name} (left: Bool, right: @autoclosure () -> Bool) -> Bool {{",
                      f"  mutant({number}) ? left {mutant.kind} right() : left {word} right()", "}"]
        elif mutant.kind in ("==", "!=", "<", "<=", ">", ">="):
            isNil = texts[mutant.file][mutant.end:].startswith(" nil")
            types = "<T>(left: T?, right: _OptionalNilComparisonType)" if isNil else (
                f"<T: {'Equatable' if word in ('==', '!=') else 'Comparable'}>(left: T, right: T)")
            lines += [f"infix operator {name}: ComparisonPrecedence",
                      f"func {name} {types} -> Bool {{",
                      f"  mutant({number}) ? left {mutant.kind} right : left {word} right", "}"]
    return "\n".join(lines) + "\n"


def with_switches(text, numbered):
    """The text of one file with its mutants built in."""
    # At one place: what was wrapped ends (the inner one first), then the outer one begins before the inner one.
    marks = []
    for number, mutant in numbered.items():
        start, end, word = mutant.start, mutant.end, text[mutant.start:mutant.end]
        if mutant.kind == "predicate":
            given = text[end] == "("
            marks.append((end, 0, 0, f"(mutant: {number}, " if given else f"(mutant: {number})", int(given)))
        elif mutant.kind == "never":
            marks.append((start, 2, -end, f"!mutant({number}), ", 0))
        elif mutant.kind in ("flipped", "true", "false"):
            marks += wrapped(start, end, f"flip({number}, ", ")", number)
        elif mutant.kind == "dropped":
            marks += wrapped(start, end, f"if !mutant({number}) {{ ", " }", number)
        else:
            marks.append((start, 3, 0, symbol(word, number), len(word)))
    result, index = [], 0
    for place, _, _, new, skipped in sorted(marks, key=lambda mark: mark[:3]):
        result += [text[index:place], new]
        index = place + skipped
    return "".join(result) + text[index:]


def wrapped(start, end, before, after, number):
    return [(start, 2, -end - number / 1e6, before, 0), (end, 1, -start + number / 1e6, after, 0)]
