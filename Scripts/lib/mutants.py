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

    def __str__(self):
        return f"{self.file}:{self.line} {self.kind}: {self.source[:150]}"


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
