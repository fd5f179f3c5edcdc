"""Searches what the members sent for raw values that must never leave them."""
import base64
import csv
import glob
import hashlib
import os
import re

# What every raw identifier of the demonstration's data looks like, so that all of them are searched at once.
# Repetitions are bounded: unbounded ones take quadratic time on long base64.
PATTERNS = {
    "e-mail address": re.compile(rb"[A-Za-z0-9.]{1,40}@mail\d\.example", re.IGNORECASE),
    "customer id": re.compile(rb"CUST-\d{8}"),
    "device id": re.compile(rb"DEV-[0-9a-f]{10}"),
    "IP address": re.compile(rb"198\.1[89]\.\d{1,3}\.\d{1,3}"),
    "full name": re.compile(rb"[A-Z][a-z]{1,20} [A-Z][a-z]{1,20} #\d{1,9}"),
    "plain SHA-256 in hexadecimal": re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"),
}


def encodings(value):
    """The forms a leak of one value would take."""
    raw = value.encode()
    digest = hashlib.sha256(raw).digest()
    forms = {"UTF-8": raw, "UTF-16": value.encode("utf-16-le"), "hexadecimal": raw.hex().encode(),
             "SHA-256": digest, "SHA-256 in hexadecimal": digest.hex().encode(), "first 8 bytes": raw[:8]}
    for shift in range(3):
        # Base64 looks different at each of three alignments; the ends depend on the neighbours.
        forms[f"base64 at {shift}"] = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0:-4]
    return {name: form for name, form in forms.items() if len(form) >= 8}


def recorded(folder, direction="sent"):
    """Everything one member sent (or received) on its link, in clear, connection by connection."""
    result = {}
    for path in sorted(glob.glob(os.path.join(folder, f"link-*.{direction}"))):
        with open(path, "rb") as file:
            result[os.path.basename(path)] = file.read()
    return result


def sample(path, columns, count):
    """Values of some columns, evenly spread over a CSV file."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    step = max(len(rows) // count, 1)
    return {column: sorted({row[column].strip() for row in rows[::step] if row[column].strip()}) for column in columns}


def search(data, canaries=(), patterns=PATTERNS):
    """Returns what was found: (what, where) pairs."""
    found = []
    for name, content in data.items():
        for what, pattern in patterns.items():
            match = pattern.search(content)
            if match:
                found.append((what, f"{name} at byte {match.start()}"))
        for value in canaries:
            for form, pattern in encodings(value).items():
                place = content.find(pattern)
                if place >= 0:
                    found.append((f"a planted value in {form}", f"{name} at byte {place}"))
    return found
