"""Mutants of Swift source: one changed condition each, outside of comments and strings, all in one program.

Each change is made in a form that a switch turns on, so that one build serves for every mutant."""
import hashlib
import json
import os
import re

import conditions

PURE_ROOMS = ("CleanRoomModel", "CleanRoomSQL", "CleanRoomPolicy", "CleanRoomPlanning")
PURE_TESTS = ("CleanRoomPolicyTests",)

OPERATORS = {"&&": "||", "||": "&&", "==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">="}
# What such a closure refuses is taken, and the other way round; `contains` and `allSatisfy` change places.
PREDICATES = re.compile(
    r"\.(?P<name>filter|first|firstIndex|count|drop|prefix|contains|allSatisfy)"
    r"(?P<open> \{|\((?=where:|while:|\\\.)|(?<=filter)\((?!of:)|(?<=allSatisfy)\()")
CALLS = re.compile(r"(?<![\w.])(?:refuse|reasons\.add)\(")


class Mutant:
    """A range of a file and what happens to it."""

    def __init__(self, file, text, kind, start, end):
        self.file, self.kind, self.start, self.end = file, kind, start, end
        self.line = text.count("\n", 0, start) + 1
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", start)
        self.source = " ".join(text[first:last if last >= 0 else len(text)].split())
        part = " ".join(text[start:end].split())
        self.change = {"flipped": f"not {part}", "never": f"never {part}", "dropped": f"without {part}",
                       "predicate": f"other {part}"}.get(kind) or f"{part} becomes {kind}"
        around = "\n".join(text.split("\n")[max(0, self.line - 3):self.line + 2])
        self.column = start - first + 1
        self.key = digest(file, around, str(self.column), self.change)

    @property
    def name(self):
        """Names the mutant as long as its line stays what it is, wherever the line moves."""
        return f"{self.file} {self.column}: {self.change[:120]} | {self.source[:120]}"

    def __str__(self):
        return f"{self.file}:{self.line}:{self.column} {self.change[:120]} | {self.source[:120]}"


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def of(file, text):
    """Every mutant of a file."""
    code = conditions.blanked(text)
    found = []

    def add(kind, start, end):
        found.append(Mutant(file, text, kind, start, end))

    for match in re.finditer(r"(?<=\s)(?<!func )(&&|\|\||==|!=|<=|>=|<|>)(?=\s)", code):
        add(OPERATORS[match.group()], *match.span())
    for match in re.finditer(r"(?<![\w!=)\]?])!(?=[\w($.])", code):
        add("nothing", *match.span())
    for match in re.finditer(r"(?<!: Bool = )\b(?:true|false)\b", code):
        add("false" if match.group() == "true" else "true", *match.span())
    ranges, patterns = conditions.found(code)
    for start, end in ranges:
        add("flipped", start, end)
    for start, end in patterns:
        add("never", start, end)
    blocks = {block for _, _, block in conditions.clauses(code)}
    for match in PREDICATES.finditer(code):
        line = code[code.rfind("\n", 0, match.start()) + 1:match.start()]
        if match.end() - 1 in blocks or "switch " in line:
            continue
        add("predicate", match.start() + 1, match.end("name"))
    for match in CALLS.finditer(code):
        before = code[:match.start()]
        if not before.endswith(("func ", "return ")):
            add("dropped", match.start(), conditions.closing(code, match.end()))
    return sorted(found, key=lambda mutant: (mutant.start, -mutant.end, mutant.kind))


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
