"""Valid values made from the service model: minimal ones, and such that have a certain value in one place."""
from model import limits, matches

# A short text for every pattern that needs a particular form.
EXAMPLES = [
    "k", "abc", "1" * 12, "00000000-0000-4000-8000-000000000000", "a" * 36, "CR.1X",
    "arn:aws:iam::1:role/a", "arn:aws:secretsmanager:us-east-1:123456789012:secret:",
    "arn:aws:cleanrooms:us-east-1:123456789012:membership/1/analysistemplate/1",
    "arn:aws:cleanrooms:us-east-1:123456789012:membership/1/configuredtableassociation/1",
    "arn:aws:cleanrooms:us-east-1:123456789012:membership/1/configuredaudiencemodelassociation/1",
    "arn:aws:cleanrooms:us-east-1:123456789012:membership/1/intermediatetable/1",
    "arn:aws:cleanrooms:us-east-1:123456789012:a",
    "arn:aws:cleanrooms-ml:us-east-1:123456789012:configured-audience-model/a",
    "arn:aws:entityresolution:us-east-1:123456789012:idnamespace/a",
    "arn:aws:entityresolution:us-east-1:1:idmappingworkflow/", "arn:aws:kms:us-east-1:123456789012:key/a",
    "s3://abc", "https://a.cloud.databricks.com",
    "https://a.cloud.databricks.com/api/2.0/delta-sharing/metastores/00000000-0000-4000-8000-000000000000"
    "/recipients/00000000-0000-4000-8000-000000000000"]


def lengthened(text, count, shape):
    """The text stretched to so many characters in a place where the pattern allows it; None if there is none."""
    missing = count - len(text)
    if missing < 0:
        return None
    candidates = (text[:place] + letter * missing + text[place:]
                  for letter in "a0" for place in range(len(text), -1, -1))
    return next((candidate for candidate in candidates if matches(candidate, shape)), None)


def example(shape):
    least, most = shape.metadata.get("min") or 0, shape.metadata.get("max") or 10**6
    for text in EXAMPLES:
        if matches(text, shape) and len(text) <= most:
            stretched = lengthened(text, max(least, len(text)), shape)
            if stretched is not None:
                return stretched
    raise ValueError(f"no example fits {shape.name}")


def minimal(shape):
    """The smallest valid value, with no optional member."""
    kind = shape.type_name
    if kind == "structure":
        names = list(shape.required_members)
        if getattr(shape, "is_tagged_union", False):
            names = list(shape.members)[:1]
        return {name: given(shape.members[name]) for name in names}
    if kind == "list":
        return [minimal(shape.member)] * (shape.metadata.get("min") or 0)
    if kind == "map":
        return {f"k{index}": minimal(shape.value) for index in range(shape.metadata.get("min") or 0)}
    if kind == "string":
        return shape.metadata["enum"][0] if shape.metadata.get("enum") else example(shape)
    return True if kind == "boolean" else shape.metadata.get("min") or 1


def given(member):
    """A list in a query string has to have an element to be there at all."""
    is_query = member.serialization.get("location") == "querystring"
    return [minimal(member.member)] if is_query and member.type_name == "list" else minimal(member)


def placed(shape, steps, leaf):
    """A minimal value with a leaf in one place."""
    if not steps:
        return leaf
    step, rest = steps[0], steps[1:]
    if shape.type_name == "structure":
        value = {} if getattr(shape, "is_tagged_union", False) else minimal(shape)
        return {**value, step: placed(shape.members[step], rest, leaf)}
    value = minimal(shape)
    if shape.type_name == "list":
        return [placed(shape.member, rest, leaf)] + value[1:]
    return {**value, "k0": placed(shape.value, rest, leaf)}


def sites(shape, steps=()):
    """Every place of an input: its shape, and the steps from the top."""
    yield shape, steps
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from sites(member, steps + (name,))
    elif shape.type_name == "list":
        yield from sites(shape.member, steps + (0,))
    elif shape.type_name == "map":
        yield from sites(shape.value, steps + ("k0",))


def unmatched(good, shape):
    """A text of a good length that does not match the pattern."""
    least, most = limits(shape)
    candidates = [mark + good[1:] for mark in "!~\x01é "] + [good + mark for mark in "!\x01 "] + [
        " ", "!" * (least or 1)]
    return next((text for text in candidates
                 if text.strip("/") and len(text) >= (least or 0) and len(text) <= (most or len(text))
                 and not matches(text, shape)), None)
