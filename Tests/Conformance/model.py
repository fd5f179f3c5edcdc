"""The public service model of AWS Clean Rooms, as the installed botocore has it."""
import re

import botocore.session

SESSION = botocore.session.get_session()
MODEL = SESSION.get_service_model("cleanrooms")
OPERATIONS = {name: MODEL.operation_model(name) for name in sorted(MODEL.operation_names)}
PAGINATED = {name: OPERATIONS[name] for name in OPERATIONS
             if name in SESSION.get_paginator_model("cleanrooms")._paginator_config}

# Limits that the real ARNs exceed.
LONGER_IN_PRACTICE = {"CleanroomsArn", "ConfiguredTableAssociationArn", "PrivacyBudgetTemplateArn"}

# Java writes characters beyond the basic plane as surrogates; Python's `re` has no classes by Unicode category.
TRANSLATIONS = [(r"\uD800\uDBFF-\uDC00\uDFFF", "\U00010000-\U0010FFFF"),
                (r"\uD800\uDC00-\uDBFF\uDFFF", "\U00010000-\U0010FFFF"),
                (r"\p{L}\p{M}\p{N}\p{Pc}\p{Pd}", "0-9A-Za-z_\u00C0-\uD7FF-"), (r"\p{Zs}", " ")]


def matches(text, shape):
    """Whether a text has the shape's pattern; true for shapes without one."""
    pattern = shape.metadata.get("pattern")
    if not pattern:
        return True
    for java, python in TRANSLATIONS:
        pattern = pattern.replace(java, python)
    return re.fullmatch(pattern, text, re.ASCII) is not None


def limits(shape):
    """Least and most of a length or number; None where the model sets none."""
    return shape.metadata.get("min"), None if shape.name in LONGER_IN_PRACTICE else shape.metadata.get("max")


def declared(operation):
    """Exceptions of an operation: shape by name."""
    return {shape.name: shape for shape in operation.error_shapes}


def identifiers(operation):
    """The members of the path that name resources by UUID."""
    shape = operation.input_shape
    return [name for name, member in shape.members.items()
            if member.serialization.get("location") == "uri" and member.metadata.get("max") == 36]
