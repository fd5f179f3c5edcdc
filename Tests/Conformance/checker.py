"""Checks raw responses against the service model, strictly: whatever a client could stumble over is a problem."""
import json
import re

from model import declared, limits, matches

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Of the four resource types that the model knows none fits these; clients show the text and check nothing.
FURTHER_RESOURCE_TYPES = {"ANALYSIS_TEMPLATE", "PROTECTED_QUERY", "CHANGE_REQUEST", "SCHEMA", "MEMBER", "RESOURCE"}
# The reference on tagging and the service authorization reference have the ARN of an association like this.
ASSOCIATION_ARN = re.compile(
    r"arn:aws:cleanrooms:[a-z0-9-]+:\d{12}:membership/[0-9a-f-]{36}/configuredtableassociation/[0-9a-f-]{36}")


def problems(operation, status, headers, body):
    """What is wrong with a response: a list of texts, empty for a good one."""
    headers = {name.lower(): value for name, value in headers.items()}
    found = [] if REQUEST_ID.fullmatch(headers.get("x-amzn-requestid", "")) else ["x-amzn-RequestId is missing"]
    if status < 300:
        return found + success(operation, status, headers, body)
    return found + failure(operation, status, headers, body)


def success(operation, status, headers, body):
    expected = operation.http.get("responseCode", 200)
    found = [] if status == expected else [f"status {status} instead of {expected}"]
    if "x-amzn-errortype" in headers:
        found.append("x-amzn-ErrorType on a success")
    if expected == 204:
        return found + ([f"{len(body)} bytes with status 204"] if body else [])
    return found + document(operation.output_shape, headers, body)


def failure(operation, status, headers, body):
    kind = headers.get("x-amzn-errortype")
    if kind not in declared(operation):
        return [f"error {kind} is none of the operation's"]
    shape = declared(operation)[kind]
    expected = shape.metadata["error"]["httpStatusCode"]
    found = [] if status == expected else [f"status {status} instead of {expected}"]
    return found + document(shape, headers, body)


def document(shape, headers, body):
    found = []
    if headers.get("content-type") != "application/json":
        found.append("the content type is not application/json")
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=unique)
    except ValueError as error:
        return found + [f"no JSON: {error}"]
    return found + list(check(value, shape, "$"))


def unique(pairs):
    """A member that occurs twice is read differently by different clients."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a member occurs twice")
    return dict(pairs)


def check(value, shape, path):
    if value is None:
        yield f"{path} is null"
        return
    yield from CHECKS[shape.type_name](value, shape, path)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def structure(value, shape, path):
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    for name in value.keys() - names.keys():
        yield f"{path}.{name} is not in the model"
    for name, (member_name, _) in names.items():
        if member_name in shape.required_members and name not in value:
            yield f"{path}.{name} is missing"
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        yield f"{path} has {len(value)} members of a union"
    for name in value.keys() & names.keys():
        yield from check(value[name], names[name][1], f"{path}.{name}")


def elements(value, shape, path):
    if not isinstance(value, list):
        yield f"{path} is no list"
        return
    yield from length(len(value), shape, path)
    for index, element in enumerate(value):
        yield from check(element, shape.member, f"{path}[{index}]")


def entries(value, shape, path):
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    yield from length(len(value), shape, path)
    for key, element in value.items():
        yield from check(key, shape.key, f"{path} key {key}")
        yield from check(element, shape.value, f"{path}.{key}")


def length(count, shape, path):
    least, most = limits(shape)
    if least is not None and count < least or most is not None and count > most:
        yield f"{path} has length {count}, not {least} to {most}"


def text(value, shape, path):
    if not isinstance(value, str):
        yield f"{path} is no string"
    elif shape.metadata.get("enum"):
        if value not in shape.metadata["enum"] and not (
                shape.name == "ResourceType" and value in FURTHER_RESOURCE_TYPES):
            yield f"{path} is {value}, none of {shape.metadata['enum']}"
    elif shape.name == "ConfiguredTableAssociationArn":
        if not ASSOCIATION_ARN.fullmatch(value):
            yield f"{path} is no ARN of an association"
    else:
        yield from length(len(value), shape, path)
        if not matches(value, shape):
            yield f"{path} does not match {shape.metadata['pattern']}"


def number(value, shape, path, whole=False):
    if not is_number(value) or whole and not isinstance(value, int):
        yield f"{path} is no number of its type"
        return
    least, most = limits(shape)
    if least is not None and value < least or most is not None and value > most:
        yield f"{path} is {value}, not {least} to {most}"


def boolean(value, shape, path):
    if not isinstance(value, bool):
        yield f"{path} is no boolean"


def timestamp(value, shape, path):
    """Seconds since 1970 with milliseconds at most; a number in milliseconds would be far in the future."""
    if not is_number(value) or not 1e9 < value < 1e10 or abs(value * 1000 - round(value * 1000)) > 1e-3:
        yield f"{path} is no time in seconds"


CHECKS = {"structure": structure, "list": elements, "map": entries, "string": text, "boolean": boolean,
          "double": number, "float": number, "timestamp": timestamp,
          "integer": lambda *arguments: number(*arguments, whole=True),
          "long": lambda *arguments: number(*arguments, whole=True)}
