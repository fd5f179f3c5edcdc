"""Raw signed requests over a connection that stays open: whatever boto3 would not send."""
import http.client
import json
import urllib.parse

from client import Client


class Connection(Client):
    """One keep-alive connection; for one thread."""

    kept = None

    def send(self, method, path, query="", body=b"", now=None, change=None, target=None):
        headers = self.sign(method, path, query, body, now)
        if change:
            change(headers)
        for attempt in (1, 2):
            self.kept = self.kept or http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
            try:
                self.kept.request(method, target or path + ("?" + query if query else ""), body, headers)
                response = self.kept.getresponse()
                return response.status, dict(response.headers), response.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.kept = None
                if attempt == 2:
                    raise

    def call(self, operation, value):
        return self.send(operation.http["method"], *serialized(operation, value))


def quoted(value):
    return urllib.parse.quote(str(value), safe="-_.~")


def serialized(operation, value):
    """Path, query and body of an input, valid or not."""
    target, query, body = operation.http["requestUri"], [], {}
    members = operation.input_shape.members
    for name, item in value.items():
        location = members[name].serialization.get("location")
        wire = members[name].serialization.get("name", name)
        if location == "uri":
            target = target.replace("{%s}" % wire, quoted(item))
        elif location == "querystring":
            query += [f"{quoted(wire)}={quoted(one)}" for one in (item if isinstance(item, list) else [item])]
        else:
            body[wire] = item
    has_body = any("location" not in member.serialization for member in members.values())
    return target, "&".join(sorted(query)), json.dumps(body).encode() if has_body else b""
