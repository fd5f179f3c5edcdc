"""Textual mutants of Swift source: one changed condition each, outside of comments and strings."""
import hashlib
import json
import os
import re

PURE_ROOMS = ("CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning")
PURE_TESTS = ("CleanRoomPolicyTests",)

# What to look for, and what to put in its place.
SWAPS = [
    (r" && ", " || "), (r" \|\| ", " && "), (r" == ", " != "), (r" != ", " == "),
    (r" <= ", " < "), (r" >= ", " > "), (r" < ", " <= "), (r" > ", " >= "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"(?<![\w!=)\]])!(?=[\w($.])", ""),
    (r"\.isEmpty\b", ".isEmpty == false"), (r"\.allSatisfy\b", ".contains"), (r"\.isSubset\b", ".isSuperset"),
]
# A whole condition, where it is one expression on one line.
CONDITIONS = [
    r"(?P<head>\b(?:if|else if|guard|where) )(?P<body>(?!let |var |case |#)[^{}\n]+?)(?P<tail> (?:\{|else\b))",
    r"(?P<head>^\s*return )(?P<body>[^{}\n]*(?: == | != | && | \|\| |\.contains|\.isEmpty)[^{}\n]*)(?P<tail>$)",
]
CALLS = r"(?<![\w.])(?:refuse|reasons\.add)\("


class Mutant:
    def __init__(self, file, line, kind, start, end, replacement, text):
        self.file, self.line, self.kind = file, line, kind
        self.start, self.end, self.replacement = start, end, replacement
        self.before = text[start:end]
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        self.source = " ".join(text[first:last if last >= 0 else len(text)].split())
        around = "\n".join(text.split("\n")[max(0, line - 3):line + 2])
        self.key = hashlib.sha256(
            "\0".join([file, around, str(start - first), self.before, replacement]).encode()).hexdigest()[:20]

    def apply(self, text):
        assert text[self.start:self.end] == self.before
        return text[:self.start] + self.replacement + text[self.end:]

    def switched(self, number):
        """Edits, as (start, end, text), that leave the code as it is until mutant `number` is switched on; None where
        the change has no such form."""
        word = self.before.strip()
        if self.kind == "negated":
            return [(self.start, self.start, f"(mutant({number}) != ("), (self.end, self.end, "))")]
        if self.kind == "dropped":
            return [(self.start, self.start, f"if !mutant({number}) {{ "), (self.end, self.end, " }")]
        if word in ("true", "false"):
            return [(self.start, self.end, f"(mutant({number}) != {word})")]
        if word in OPERATORS or word == "!":
            return [(self.start, self.end, self.before.replace(word, word + suffix(number)))]
        return None

    def __str__(self):
        return f"{self.file}:{self.line} {self.kind}: {self.source[:150]}"


OPERATORS = {"&&": "LogicalConjunction", "||": "LogicalDisjunction",
             **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), "Comparison")}


def suffix(number):
    """A number in characters that Swift's operators may have."""
    return "".join("⊕⊖⊗⊘⊙⊚⊛⊜⊝⊞"[int(digit)] for digit in str(number))


def switchboard(numbered):
    """Swift source of the switch and of every switched operator."""
    lines = ["import Foundation", "",
             'private let switched = Int(ProcessInfo.processInfo.environment["CLEANROOM_MUTANT"] ?? "") ?? 0',
             "@inline(never) func mutant(_ number: Int) -> Bool { number == switched }"]
    for number, mutant in numbered.items():
        word = mutant.before.strip()
        name = word + suffix(number)
        if word == "!":
            lines += [f"prefix operator {name}",
                      f"prefix func {name} (value: Bool) -> Bool {{ mutant({number}) ? value : !value }}"]
        elif word in ("&&", "||"):
            other = "||" if word == "&&" else "&&"
            lines += [f"infix operator {name}: {OPERATORS[word]}Precedence",
                      f"func {name} (left: Bool, right: @autoclosure () -> Bool) -> Bool {{",
                      f"  mutant({number}) ? left {other} right() : left {word} right()", "}"]
        elif word in OPERATORS:
            kind, other = ("Equatable" if word in ("==", "!=") else "Comparable"), mutant.replacement.strip()
            lines += [f"infix operator {name}: ComparisonPrecedence",
                      f"func {name} <T: {kind}>(left: T, right: T) -> Bool {{",
                      f"  mutant({number}) ? left {other} right : left {word} right", "}"]
    return "\n".join(lines) + "\n"


def with_switches(text, numbered):
    """The text with all these mutants of one file built in."""
    edits = [edit for number, mutant in numbered.items() for edit in mutant.switched(number)]
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1]), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def blanked(text):
    """The text with comments and strings as blanks, so that offsets stay; interpolations are not looked into."""
    pattern = r'//[^\n]*|"""(?:.|\n)*?"""|"(?:\\\((?:[^()]|\([^()]*\))*\)|\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", "\x01", found.group()), text)


def of(file, text):
    code, found = blanked(text), []

    def add(kind, start, end, replacement):
        found.append(Mutant(file, text.count("\n", 0, start) + 1, kind, start, end, replacement, text))

    for pattern, replacement in SWAPS:
        for match in re.finditer(pattern, code):
            add(f"{match.group().strip()} becomes {replacement.strip() or 'nothing'}", *match.span(), replacement)
    for pattern in CONDITIONS:
        for match in re.finditer(pattern, code, re.MULTILINE):
            body = text[slice(*match.span("body"))]
            if ", " not in re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", body):
                add("negated", *match.span("body"), f"!({body})")
    for match in re.finditer(CALLS, code):
        # A declaration is no call.
        if not code[:match.start()].endswith("func "):
            add("dropped", match.start(), closing(code, match.end()), "()")
    return sorted(found, key=lambda mutant: (mutant.start, mutant.kind))


def closing(code, index):
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(code[index], 0)
        index += 1
    return index


class Results:
    """Outcomes by mutant, a line each, so that a run can be interrupted."""

    def __init__(self, path):
        self.path, self.outcomes = path, {}
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    entry = json.loads(line)
                    self.outcomes[entry["key"]] = entry["outcome"]

    def get(self, mutant):
        return self.outcomes.get(mutant.key)

    def put(self, mutant, outcome, test):
        self.outcomes[mutant.key] = outcome
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"key": mutant.key, "outcome": outcome, "by": test, "mutant": str(mutant)}) + "\n")
