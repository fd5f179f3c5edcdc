"""Signature Version 4: what botocore signs is verified, and no changed bit goes unnoticed."""
import random
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest
import signing
from botocore.auth import SigV4Auth
from howto import RETAILER

COUNT, SEED, THREADS = 10_000, 20251124, 6


@pytest.fixture(scope="module")
def signer(consortium):
    return signing.Signer(consortium.connection(RETAILER))


def exchanged(signer, requests):
    """Status and error type of each, over a few connections."""
    local = threading.local()

    def run(data):
        if not hasattr(local, "wire"):
            local.wire = signing.Wire(signer.client)
        return local.wire.exchange(data)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, requests))


def test_random_requests_are_verified(signer):
    """Verified requests are answered by the routes: nearly always that there is no such operation."""
    rng = random.Random(SEED)
    requests = [signer.sign(*signing.random_request(rng)) for _ in range(COUNT)]
    answers = exchanged(signer, requests)
    wrong = [(answer, request) for answer, request in zip(answers, requests)
             if answer[0] is None or signing.is_refused(*answer)]
    assert not wrong, f"{len(wrong)} of {COUNT}, the first: {wrong[:3]}"
    assert sum(kind == "UnknownOperationException" for _, kind in answers) > COUNT * 0.9


REQUESTS = {
    "get": ("GET", "/collaborations", "maxResults=5&memberStatus=ACTIVE&empty=&a=%2B",
            {"X-Amz-Meta-A": "two  words"}, b""),
    "post": ("POST", "/tags/arn%3Aaws%3Acleanrooms%3Aus-east-1%3A1%3Aa", "", {"Content-Type": "application/json"},
             b'{"tags": {"k": "v"}}'),
}


def span(data, before, after):
    start = data.index(before) + len(before)
    return start, data.index(after, start)


def spans(data):
    """Places of everything that a signature covers, and of the signature."""
    head = data.index(b"\r\n\r\n")
    target = data.index(b" ") + 1, data.index(b" HTTP/1.1")
    found = {"method": (0, target[0] - 1), "target": target, "host": span(data, b"Host: ", b"\r\n"),
             "date": span(data, b"X-Amz-Date: ", b"\r\n"),
             "key and scope": span(data, b"Credential=", b", SignedHeaders"),
             "signed headers": span(data, b"SignedHeaders=", b", Signature"),
             "signature": span(data, b"Signature=", b"\r\n"), "body": (head + 4, len(data))}
    for name in (b"X-Amz-Meta-A: ", b"Content-Type: "):
        if name in data:
            found[name.decode()] = span(data, name, b"\r\n")
    return found


def means_the_same(changed, data):
    """`%2b` and `%2B` in a query are the same byte, and the same canonical request."""
    targets = [text.split(b" ")[1].partition(b"?") for text in (changed, data)]
    return targets[0][0] == targets[1][0] and len(targets[0][2]) == len(targets[1][2]) and (
        targets[0][2].upper() == targets[1][2].upper()
        and urllib.parse.unquote_to_bytes(targets[0][2]) == urllib.parse.unquote_to_bytes(targets[1][2]))


@pytest.mark.parametrize("name", REQUESTS)
def test_every_changed_bit_is_refused(signer, name):
    data = signer.sign(*REQUESTS[name])
    assert not signing.is_refused(*signing.Wire(signer.client).exchange(data))
    changes = [(what, place - start, bit, changed) for what, (start, end) in spans(data).items()
               for place, bit, changed in signing.flips(data, start, end)]
    assert len(changes) > 2000
    answers = exchanged(signer, [changed for *_, changed in changes])
    accepted = [(what, place, bit, answer) for (what, place, bit, changed), answer in zip(changes, answers)
                if not signing.is_refused(*answer) and not (what == "target" and means_the_same(changed, data))]
    assert not accepted, f"{len(accepted)} of {len(changes)}: {accepted[:20]}"


class Unsigned(SigV4Auth):
    """As for a payload that travels unsigned."""

    def payload(self, request):
        return "UNSIGNED-PAYLOAD"

    def _set_necessary_date_headers(self, request):
        super()._set_necessary_date_headers(request)
        request.headers["X-Amz-Content-SHA256"] = "UNSIGNED-PAYLOAD"


def test_payloads_have_to_be_signed(signer):
    status, kind = signing.Wire(signer.client).exchange(signer.sign(*REQUESTS["post"], auth=Unsigned))
    assert (status, kind) == (403, "InvalidSignatureException")


@pytest.mark.parametrize("region, service", [("us-west-2", "cleanrooms"), ("us-east-1", "s3")])
def test_the_scope_has_to_be_ours(signer, region, service):
    def scoped(credentials, *_):
        return SigV4Auth(credentials, service, region)

    status, kind = signing.Wire(signer.client).exchange(signer.sign(*REQUESTS["get"], auth=scoped))
    assert (status, kind) == (403, "SignatureDoesNotMatch")


def test_session_tokens_are_refused(signer):
    from botocore.credentials import Credentials

    signer.credentials, kept = Credentials(signer.client.access_key, signer.client.secret, "token"), signer.credentials
    try:
        status, kind = signing.Wire(signer.client).exchange(signer.sign(*REQUESTS["get"]))
    finally:
        signer.credentials = kept
    assert (status, kind) == (403, "UnrecognizedClientException")
