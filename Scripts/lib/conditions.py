"""Finds the conditions of Swift source in its text, as (start, end): no parser, but enough of one for formatted code."""
import re

OPENING, CLOSING = "([{", ")]}"
HEADS = r"\b(?:if|guard|while|where) (?!Element\b)"
# What ends an operand of && and || on its left and on its right, at its own depth.
LEFT_STOP = re.compile(r"(?:&&|\|\||[,?:]|(?<![=!<>])=|\b(?:return|in|if|guard|while|where|else))\s$")
RIGHT_STOP = re.compile(r"\s(?:&&|\|\||[?:]|else\b)|,")
BOOLEAN_CALL = re.compile(
    r"\.(?:(?:contains|allSatisfy|isSubset|isSuperset|isDisjoint|hasPrefix|hasSuffix)(?:\(| \{)|isEmpty\b)")
# An operator swap or a dropped ! changes these already.
SINGLE_COMPARISON = re.compile(r"^.* (?:==|!=) .*$", re.DOTALL)


def blanked(text):
    """The text with comments and strings as blanks, so that offsets stay; interpolations are not looked into."""
    pattern = r'//[^\n]*|"""(?:.|\n)*?"""|"(?:\\\((?:[^()]|\([^()]*\))*\)|\\.|[^"\\\n])*"'
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", "\x01", found.group()), text)


def closing(code, index):
    """The index after the bracket that closes the one before `index`."""
    depth = 1
    while depth:
        depth += (code[index] in OPENING) - (code[index] in CLOSING)
        index += 1
    return index


def opening(code, index):
    """The index of the bracket that the one at `index` closes."""
    depth = 1
    while depth:
        index -= 1
        depth += (code[index] in CLOSING) - (code[index] in OPENING)
    return index


def clauses(code):
    """What stands between `if`, `guard`, `while` or `where` and its block, split at its commas: start, end, and where
    the comma or the block is."""
    for head in re.finditer(HEADS, code):
        line = code[code.rfind("\n", 0, head.start()) + 1:head.start()].strip()
        isWhere = head.group() == "where "
        # A constraint of generics is no condition.
        if isWhere and line and not line.startswith(("for ", "case ", "(")):
            continue
        start = index = head.end()
        while index < len(code):
            if code[index] in "([":
                index = closing(code, index + 1)
                continue
            ends = code[index] == "{" or re.match(r"\selse\b", code[index:index + 6])
            ends = ends or isWhere and re.match(r":\s", code[index:index + 2])
            if ends or code[index] == ",":
                yield *trimmed(code, start, index), index
                start = index + 1
            # Another pattern of a case follows.
            if ends or isWhere and code[index] == ",":
                break
            index += 1


def trimmed(code, start, end):
    while code[start].isspace():
        start += 1
    while code[end - 1].isspace():
        end -= 1
    return start, end


def left_operand(code, index):
    """Where the operand begins that ends before `index`."""
    end = index = index - (len(code[:index]) - len(code[:index].rstrip()))
    while index > 0:
        if code[index - 1] in CLOSING:
            index = opening(code, index - 1)
        elif code[index - 1] in OPENING or LEFT_STOP.search(code[max(0, index - 8):index]):
            break
        elif code[index - 1] == "\n" and not code[index:end].lstrip().startswith("."):
            break
        else:
            index -= 1
    return trimmed(code, index, end)


def right_operand(code, index, limit):
    """Where the operand ends that begins after `index`; `limit` is the end of its clause."""
    start = index
    while index < limit:
        if code[index] in OPENING:
            index = closing(code, index + 1)
        elif code[index] in CLOSING or RIGHT_STOP.match(code, index):
            break
        elif code[index] == "\n" and index > start and not code[index:].lstrip().startswith("."):
            break
        else:
            index += 1
    return trimmed(code, start, index)


def receiver(code, index):
    """Where the chain of names, calls and subscripts begins that ends before `index`."""
    while index > 0:
        if code[index - 1] in ")]":
            index = opening(code, index - 1)
        elif re.match(r"[\w$.?\x01]", code[index - 1]) and code[index - 2:index] != "..":
            index -= 1
        elif re.match(r"\n\s*\.", code[len(code[:index].rstrip()):]):
            index = len(code[:index].rstrip())
        else:
            return index
    return index


def boolean_calls(code):
    for call in BOOLEAN_CALL.finditer(code):
        start = receiver(code, call.start())
        if start == call.start() or code[start - 1] in "\\!":
            continue
        end = call.end()
        while code[end - 1] in OPENING:
            end = closing(code, end)
            if code[end:end + 2] == " {" and code[end - 1] == ")" and "contains(" in call.group():
                break
        if end < len(code) and code[end] == "." or code[end:end + 1] == "(":
            continue
        yield start, end


def found(code):
    """Every condition: clauses, operands of && and ||, conditions of ternaries, calls that answer yes or no, and bodies
    of one expression. Patterns (`let`, `case`) are returned on their own: they can be made to fail, not turned round."""
    ranges, patterns = set(), set()
    ends = []
    for start, end, _ in clauses(code):
        isPattern = re.match(r"(?:let|var|case)\b|#", code[start:])
        (patterns if isPattern else ranges).add((start, end))
        ends.append((start, end))
    for operator in re.finditer(r"(?<=\s)(?:&&|\|\|)\s", code):
        limit = min((end for start, end in ends if start <= operator.start() < end), default=len(code))
        ranges.add(left_operand(code, operator.start()))
        ranges.add(right_operand(code, operator.end(), limit))
    for ternary in re.finditer(r"\s\? ", code):
        start = end = ternary.start()
        while True:
            start, _ = left_operand(code, start)
            before = code[:start].rstrip()
            if not before.endswith(("&&", "||")):
                break
            start = len(before) - 2
        ranges.add((start, end))
    ranges.update(boolean_calls(code))
    for body in re.finditer(r"(?:->|:) Bool \{ (?!switch\b|if\b|get\b)", code):
        ranges.add(trimmed(code, body.end(), closing(code, body.end()) - 1))
    kept = {(start, end) for start, end in ranges if not is_changed_otherwise(code[start:end])}
    return sorted(kept), sorted(patterns)


def is_changed_otherwise(condition):
    """Whether a swap elsewhere turns the condition round already."""
    flat = condition
    while True:
        inner = re.sub(r"\([^()\[\]{}]*\)|\[[^()\[\]{}]*\]|\{[^()\[\]{}]*\}", "", flat)
        if inner == flat:
            break
        flat = inner
    if re.search(r"\s(?:&&|\|\||\?)\s", flat):
        return False
    return bool(SINGLE_COMPARISON.match(flat)) or flat.startswith("!") or flat in ("true", "false")
