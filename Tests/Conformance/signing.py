"""Random requests, signed by botocore as an AWS client would, and sent byte for byte."""
import http.client
import socket
import string

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from raw import quoted

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# What tells a client that it was not recognized.
REFUSALS = {"InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException",
            "IncompleteSignatureException", "MissingAuthenticationTokenException"}


def random_text(rng, alphabet, least, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


LETTERS = string.ascii_letters + string.digits + "-_.~"
ANYTHING = string.printable.strip() + " äöüßéλДж漢字🙂\u00a0\u200b"
HEADER = string.ascii_letters + string.digits + "  \t,;:=/()'\"<>@[]{}?!#$%&*+-._~^|\\"


def random_path(rng):
    """Half of them with what botocore takes out before it signs, and sends all the same."""
    segments = [quoted(random_text(rng, rng.choice([LETTERS, ANYTHING]), 1, 12)) for _ in range(rng.randint(1, 6))]
    if rng.random() < 0.33:
        for _ in range(rng.randint(1, 5)):
            # The encoded ones and the three dots are segments like any other.
            segments.insert(rng.randint(0, len(segments)), rng.choice(["", ".", "..", "...", "%2E", "%2e%2E", ".a"]))
    return "/" + "/".join(segments) + rng.choice(["", "", "", "/", "/.", "/..", "//"])


def random_query(rng):
    names = [random_text(rng, rng.choice([LETTERS, ANYTHING]), 1, 6) for _ in range(rng.randint(0, 4))]
    pairs = [(name, random_text(rng, ANYTHING, 0, 10)) for name in names for _ in range(rng.choice([1, 1, 2, 3]))]
    rng.shuffle(pairs)
    # A parameter without a value may come without its equals sign.
    return "&".join(quoted(name) + (f"={quoted(value)}" if value or rng.random() < 0.5 else "")
                    for name, value in pairs)


def random_headers(rng):
    names = {f"X-{random_text(rng, string.ascii_lowercase, 1, 8)}" for _ in range(rng.randint(0, 3))}
    headers = {name: random_text(rng, HEADER, 1, 30).strip() or "x" for name in names}
    if rng.random() < 0.3:
        headers["X-Amz-Meta-" + random_text(rng, string.ascii_letters, 1, 5)] = "  a   b  "
    return headers


def random_request(rng):
    body = rng.choice([b"", rng.randbytes(rng.randint(1, 300)), random_text(rng, ANYTHING, 1, 50).encode()])
    headers = random_headers(rng)
    if body:
        headers["Content-Type"] = rng.choice(["application/json", "text/plain; charset=utf-8", "application/x-a  b"])
    return rng.choice(METHODS), random_path(rng), random_query(rng), headers, body


class Signer:
    def __init__(self, client):
        self.client, self.address = client, f"{client.host}:{client.port}"
        self.credentials = Credentials(client.access_key, client.secret)

    def sign(self, method, path, query, headers, body, auth=SigV4Auth):
        """The request as bytes."""
        url = f"https://{self.address}{path}" + (f"?{query}" if query else "")
        request = AWSRequest(method=method, url=url, headers=headers, data=body)
        auth(self.credentials, "cleanrooms", self.client.region).add_auth(request)
        fields = {"Host": self.address, **dict(request.headers.items()), "Content-Length": str(len(body))}
        lines = [f"{method} {path}{'?' + query if query else ''} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Wire:
    """One connection for bytes, opened again whenever the server has closed it."""

    def __init__(self, client):
        self.client, self.socket = client, None

    def exchange(self, data):
        """Status and error type; None and None where the server closes without an answer."""
        for is_fresh in (self.socket is None, True):
            try:
                if self.socket is None:
                    plain = socket.create_connection((self.client.host, self.client.port), timeout=20)
                    self.socket = self.client.context.wrap_socket(plain, server_hostname=self.client.host)
                self.socket.sendall(data)
                response = http.client.HTTPResponse(self.socket)
                response.begin()
                response.read()
                if response.will_close:
                    self.close()
                return response.status, response.headers.get("x-amzn-ErrorType")
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if is_fresh:
                    return None, None

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None


def is_refused(status, kind):
    """Not recognized, or no HTTP at all."""
    return kind in REFUSALS or kind is None and status in (None, 400)


def flips(data, start, end):
    """The request with each bit between two places turned over, one at a time."""
    for place in range(start, end):
        for bit in range(8):
            yield place, bit, data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1:]
