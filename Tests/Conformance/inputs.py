"""Inputs that break exactly one constraint of the service model, and inputs that sit exactly on a limit."""
from dataclasses import dataclass

from model import limits, matches
from values import example, lengthened, minimal, placed, sites, unmatched


def path(steps):
    return "".join(f"[{step}]" if step == 0 else f".{step}" for step in steps).lstrip(".")


@dataclass
class Case:
    operation: str
    what: str
    path: str
    input: dict
    is_valid: bool


def without(value, steps):
    """The value without its last step; it is copied on the way."""
    step, rest = steps[0], steps[1:]
    if isinstance(value, list):
        return [without(value[step], rest)] + value[step + 1:]
    if rest:
        return {**value, step: without(value[step], rest)}
    return {name: member for name, member in value.items() if name != step}


def cases(operation):
    """Every constraint of an operation's input: broken once, and its limits reached once."""
    top = operation.input_shape
    for shape, steps in sites(top):
        if shape.type_name == "structure":
            yield from absences(operation, shape, steps)
        if steps:
            for what, below, leaf, is_valid in leaves(shape, location(operation, steps)):
                yield Case(operation.name, what, path(steps) + below, placed(top, steps, leaf), is_valid)


def location(operation, steps):
    return operation.input_shape.members[steps[0]].serialization.get("location")


def absences(operation, shape, steps):
    """Every required member left out, and null."""
    top = operation.input_shape
    for name in shape.required_members:
        place = steps + (name,)
        if location(operation, place) == "uri":
            continue  # A path without it is another path.
        whole = placed(top, place, minimal(shape.members[name]))
        yield Case(operation.name, "missing", path(place), without(whole, place), False)
        if location(operation, place) is None:
            yield Case(operation.name, "null", path(place), placed(top, place, None), False)


def leaves(shape, location):
    """What may stand in one place: a word for it, what is appended to the path, the value, whether it is valid."""
    kind = shape.type_name
    if getattr(shape, "is_tagged_union", False):
        names = list(shape.members)
        yield "none of a union", "", {}, False
        if len(names) > 1:
            yield "two of a union", "", {name: minimal(shape.members[name]) for name in names[:2]}, False
    if location is None:
        yield from wrong_types(kind)
    if kind == "string":
        yield from texts(shape, location)
    elif kind in ("list", "map"):
        yield from lengths(shape, location)
    elif kind in ("integer", "long", "double", "float"):
        yield from numbers(shape, location)


def wrong_types(kind):
    values = {"structure": ["x", []], "list": ["x", {}], "map": [[], "x"], "string": [7, True, {}],
              "boolean": ["true", 1], "integer": ["1", 1.5, True], "long": ["1", 1.5], "double": ["1", True],
              "float": ["1"], "timestamp": ["2025-11-24T12:00:00Z"]}
    for value in values[kind]:
        yield f"wrong type {type(value).__name__}", "", value, False


def texts(shape, location):
    if shape.metadata.get("enum"):
        yield "enum", "", "NO_SUCH_VALUE", False
        for value in shape.metadata["enum"]:
            yield "enum value", "", value, True
        return
    least, most = limits(shape)
    good = example(shape)
    if most is not None:
        full = lengthened(good, most, shape)
        yield "longest", "", full, True
        yield "too long", "", lengthened(good, most + 1, shape) or good + "0" * (most + 1 - len(good)), False
    if least and not (least == 1 and location == "uri"):
        yield "too short", "", good[:least - 1], False
        yield "shortest", "", good[:least] if matches(good[:least], shape) else good, True
    if shape.metadata.get("pattern"):
        bad = unmatched(good, shape)
        if bad is not None:
            yield "pattern", "", bad, False


def lengths(shape, location):
    least, most = limits(shape)
    element = minimal(shape.member if shape.type_name == "list" else shape.value)

    def of(count):
        return [element] * count if shape.type_name == "list" else {f"k{n}": element for n in range(count)}

    if most is not None:
        yield "most", "", of(most), True
        yield "too many", "", of(most + 1), False
    if least and location is None:
        yield "too few", "", of(least - 1), False
        yield "fewest", "", of(least), True
    if shape.type_name == "map":
        for what, key in keys(shape.key):
            is_valid = what == "longest key"
            yield what, f".{key}" if is_valid else ".key", {**of(least or 0), key: element}, is_valid


def keys(shape):
    least, most = limits(shape)
    if most is not None:
        yield "key too long", "k" * (most + 1)
        yield "longest key", "k" * most
    if least:
        yield "key too short", "k" * (least - 1)
    if shape.metadata.get("pattern"):
        bad = unmatched(example(shape), shape)
        if bad is not None:
            yield "key pattern", bad


def numbers(shape, location):
    least, most = limits(shape)
    if most is not None:
        yield "largest", "", most, True
        yield "too large", "", most + 1, False
    if least is not None:
        yield "smallest", "", least, True
        yield "too small", "", least - 1, False
    if location == "querystring":
        yield "no number", "", "many", False
