"""A coordinator that lies: it has the coordinator's identity and documents, and may announce whatever it likes."""
import base64
import json
import os
import socket
import sqlite3
import ssl
import struct
import subprocess


def varint(value):
    output = b""
    while value > 127:
        output += bytes([value & 127 | 128])
        value >>= 7
    return output + bytes([value])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def fields(message):
    """Field number to value, for messages of varints and bytes."""
    result, index = {}, 0

    def number():
        nonlocal index
        value = shift = 0
        while True:
            byte = message[index]
            index += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while index < len(message):
        key = number()
        value = number()
        if key & 7 == 2:
            value, index = message[index:index + value], index + value
        result[key >> 3] = value
    return result


class LyingCoordinator:
    """Listens where the real one did and talks to one member at a time."""

    def __init__(self, room):
        self.room = room
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = os.path.join(room.folder, "coordinator")
        context.load_cert_chain(os.path.join(folder, "identity.pem"), os.path.join(folder, "identity.key"))
        context.load_verify_locations(os.path.join(room.folder, "ca", "authority.pem"))
        context.verify_mode = ssl.CERT_REQUIRED
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", room.base_port))
        self.listener.settimeout(30)
        self.next = 1

    def documents(self, kind):
        path = os.path.join(self.room.folder, "coordinator", "state", "state.sqlite")
        with sqlite3.connect(path) as database:
            return [json.loads(text) for (text,) in database.execute(
                "SELECT json FROM document WHERE kind = ? ORDER BY createdAt", (kind,))]

    def announcement(self):
        """The last query's announcement, all of it genuine."""
        [room] = self.documents("collaboration")
        return {"request": self.documents("query")[-1]["signed"], "charter": room["signedCharter"],
                "tables": [table["signed"] for table in self.documents("table")]}

    def meet(self, account):
        """Waits until this member connects."""
        while True:
            raw, _ = self.listener.accept()
            link = self.context.wrap_socket(raw, server_side=True)
            names = [value for kind, value in link.getpeercert()["subjectAltName"] if kind == "URI"]
            kind, _ = self.read(link)
            if names == [f"urn:cleanroom:account:{account}"] and kind == 1:
                self.write(link, 2, field(1, 1))
                return link
            link.close()

    @staticmethod
    def write(link, kind, body):
        link.sendall(struct.pack("<IB", len(body) + 1, kind) + body)

    @staticmethod
    def read(link):
        def exactly(count):
            data = b""
            while len(data) < count:
                piece = link.recv(count - len(data))
                if not piece:
                    raise ConnectionError("the member hung up")
                data += piece
            return data

        size, kind = struct.unpack("<IB", exactly(5))
        return kind, exactly(size - 1)

    def ask(self, link, kind, document):
        """One request; returns (answer, failure). What the member asks meanwhile is answered with failures."""
        identifier, self.next = self.next, self.next + 1
        self.write(link, 3, field(1, identifier) + field(2, kind) + field(3, json.dumps(document)))
        while True:
            frame, body = self.read(link)
            message = fields(body)
            if frame == 3:
                self.write(link, 4, field(1, message[1]) + field(3, "no"))
            elif frame == 5:
                self.write(link, 6, b"")
            elif frame == 4 and message.get(1) == identifier:
                return message.get(2), message[3].decode() if 3 in message else None

    def close(self):
        self.listener.close()


def payload(document):
    return json.loads(base64.b64decode(document["payload"]))


def altered(document, change):
    """The document with another payload under the old signature."""
    content = payload(document)
    change(content)
    return {**document, "payload": base64.b64encode(json.dumps(content).encode()).decode()}


def signed(room, account, purpose, content, certificate):
    """Signs with a member's own key, as its daemon would."""
    data = json.dumps(content, sort_keys=True).encode()
    path = os.path.join(room.folder, "to-sign")
    with open(path, "wb") as file:
        file.write(purpose.encode() + b"\0" + data)
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", room.path(account, "identity.key"), path],
                               check=True, capture_output=True).stdout
    return {"purpose": purpose, "payload": base64.b64encode(data).decode(), "certificate": certificate,
            "signature": base64.b64encode(signature).decode()}
