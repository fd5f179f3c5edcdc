"""What an operation does, seen from outside."""
import re

import values
from howto import RETAILER
from model import OPERATIONS
from operations import WORKING


def outcome(room, name):
    """`works`, or the refusal that names a feature, or the error."""
    entry = WORKING.get(name)
    account, arguments = (entry.member, entry.arguments(room)) if entry else (
        RETAILER, values.minimal(OPERATIONS[name].input_shape))
    refused = room.refusal(account, name, arguments)
    if refused is None:
        return "works"
    kind, status, body = refused
    message = body["Error"]["Message"]
    feature = re.fullmatch(rf"{name} is not available in this version\. Feature: ([A-Za-z ]+)\.", message)
    if (kind, status, body.get("reason")) == ("ValidationException", 400, "INVALID_CONFIGURATION") and feature:
        return f"refused as not available: {feature[1]}"
    return f"{kind} ({status}): {message}"
