import asyncio
import re
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import calls
from bot.channels.telegram.calls import (
    Answer,
    BrokenAnswerError,
    Host,
    LongAnswerError,
    NeverSentError,
)

FULL = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalo!"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n3;x=y\r\nlo!\r\n0\r\n\r\n"
ANNOUNCED = b"HTTP/1.1 100 Continue\r\n\r\n" + FULL
TO_THE_END = b"HTTP/1.0 502 Bad Gateway\r\nServer: nginx\r\n\r\n<html>"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhalo!"
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
SHORT = FULL[:-1]
UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"
SECONDS = 5.0


class Other:
    """The other side: answers each request with the next of its answers; may hang up then."""

    def __init__(self, *answers, hang_up=False):
        self.answers = list(answers)
        self.hang_up = hang_up
        self.requests = []
        self.asked = asyncio.Event()
        self.connections = 0

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"Content-Length: (\d+)", head)
                self.requests.append(head + await reader.readexactly(int(length[1]) if length else 0))
                self.asked.set()
                writer.write(self.answers.pop(0))
                await writer.drain()
                if self.hang_up:
                    break
            else:
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def spoken_to(other, tls=None, trusted=None):
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    host = Host(
        f"{'https' if tls else 'http'}://localhost:{port}/api", trusted or ssl.create_default_context()
    )
    try:
        yield host, f"{'https' if tls else 'http'}://localhost:{port}/api/bot42:x/getMe"
    finally:
        await host.close()
        server.close()


@pytest.mark.parametrize(
    ("sent", "status", "content"),
    [
        (FULL, 200, b"halo!"),
        (CHUNKED, 200, b"halo!"),
        (ANNOUNCED, 200, b"halo!"),
        (CLOSING, 200, b"halo!"),
        (EMPTY, 204, b""),
        (TO_THE_END, 502, b"<html>"),
    ],
)
async def test_answers_of_every_shape(sent, status, content):
    async with spoken_to(Other(sent, hang_up=sent == TO_THE_END)) as (host, url):
        assert await host.post(url, b"{}", SECONDS) == Answer(status, content)


@pytest.mark.parametrize(
    "sent", [SHORT, b"", b"HTTP/1.1 200 OK\r\nConte", b"SSH-2.0-x\r\n", UPGRADE, CHUNKED[:-7]]
)
async def test_an_answer_that_is_none_is_told(sent):
    async with spoken_to(Other(sent, hang_up=True)) as (host, url):
        with pytest.raises(BrokenAnswerError):
            await host.post(url, b"{}", SECONDS)


async def test_what_is_asked_is_asked_in_full_and_nothing_in_it_ends_the_line():
    other = Other(FULL, FULL)
    async with spoken_to(other) as (host, url):
        await host.post(url, '{"text":"sugeng énjing"}'.encode(), SECONDS)
        await host.get(f"{url}/a b?#\r\nX: y/é%20", SECONDS, 100)
    post, get = other.requests
    assert post.startswith(b"POST /api/bot42:x/getMe HTTP/1.1\r\nHost: localhost:")
    assert post.endswith('Content-Length: 25\r\n\r\n{"text":"sugeng énjing"}'.encode())
    assert get.splitlines()[0] == b"GET /api/bot42:x/getMe/a%20b%3F%23%0D%0AX:%20y/%C3%A9%20 HTTP/1.1"


async def test_a_connection_is_used_again():
    other = Other(FULL, CHUNKED, EMPTY, FULL)
    async with spoken_to(other) as (host, url):
        for _ in range(4):
            await host.post(url, b"{}", SECONDS)
    assert other.connections == 1


@pytest.mark.parametrize("first", [CLOSING, FULL + FULL, FULL + b"more"])
async def test_one_that_cannot_be_trusted_is_not(first):
    """It says that it closes, or more came than was asked for."""
    other = Other(first, EMPTY)
    async with spoken_to(other) as (host, url):
        assert (await host.post(url, b"{}", SECONDS)).content == b"halo!"
        assert (await host.post(url, b"{}", SECONDS)).status == 204
    assert other.connections == 2


async def test_nor_is_one_that_rested_for_long(monkeypatch):
    monkeypatch.setattr(calls, "IDLE_SECONDS", 0.0)
    other = Other(FULL, FULL)
    async with spoken_to(other) as (host, url):
        await host.post(url, b"{}", SECONDS)
        await host.post(url, b"{}", SECONDS)
    assert other.connections == 2


async def test_an_answer_that_comes_too_late_is_nobody_elses():
    other = Other(b"", EMPTY)
    async with spoken_to(other) as (host, url):
        with pytest.raises(TimeoutError):
            await host.post(url, b"{}", 0.05)
        assert (await host.post(url, b"{}", SECONDS)).status == 204
    assert other.connections == 2


async def test_nor_is_that_of_somebody_who_stopped_waiting():
    other = Other(b"", EMPTY)
    async with spoken_to(other) as (host, url):
        waiting = asyncio.create_task(host.post(url, b"{}", SECONDS))
        await other.asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await host.post(url, b"{}", SECONDS)).status == 204


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + b"x" * 200,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
)
async def test_an_answer_without_end_is_not_kept(sent):
    async with spoken_to(Other(sent)) as (host, url):
        with pytest.raises(LongAnswerError):
            await host.get(url, SECONDS, 100)


async def test_more_at_once_than_there_is_room_wait_for_it(monkeypatch):
    monkeypatch.setattr(calls, "AT_ONCE", 3)
    other = Other(*[FULL] * 20)
    async with spoken_to(other) as (host, url):
        found = await asyncio.gather(*(host.post(url, b"{}", SECONDS) for _ in range(20)))
    assert [one.content for one in found] == [b"halo!"] * 20
    assert other.connections == 3


async def test_nobody_there_means_nothing_was_sent(unused_tcp_port):
    host = Host(f"http://127.0.0.1:{unused_tcp_port}", ssl.create_default_context())
    with pytest.raises(NeverSentError):
        await host.post(f"http://127.0.0.1:{unused_tcp_port}/x", b"{}", SECONDS)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A server's side of TLS, with a certificate of its own making, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(certificate + secret)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=certificate.decode())


async def test_over_tls(sealed):
    server, trusting = sealed
    other = Other(FULL, CHUNKED)
    async with spoken_to(other, server, trusting) as (host, url):
        assert (await host.post(url, b"{}", SECONDS)).content == b"halo!"
        assert (await host.get(url, SECONDS, 100)).content == b"halo!"
    assert other.connections == 1


async def test_a_stranger_in_its_place_is_sent_nothing(sealed):
    other = Other(FULL)
    async with spoken_to(other, sealed[0]) as (host, url):
        with pytest.raises(NeverSentError, match="Cert"):
            await host.post(url, b"{}", SECONDS)
    assert not other.requests


class Wire(asyncio.Transport):
    """Where nothing is on the other side."""

    closed = False

    def write(self, data):
        pass

    def abort(self):
        self.closed = True

    def is_closing(self):
        return self.closed


async def heard(pieces):
    """What a call makes of an answer that comes in these pieces, after which the other side hangs up."""
    connection = calls._Connection()
    connection.connection_made(Wire())
    asking = asyncio.ensure_future(connection.ask(b"", SECONDS, 1000))
    await asyncio.sleep(0)
    for piece in pieces:
        if not connection._transport.is_closing():
            connection.data_received(piece)
    connection.connection_lost(None)
    try:
        return await asking
    except OSError as problem:
        return type(problem)


def cut(sent, places):
    ends = sorted({place % (len(sent) + 1) for place in places})
    return [sent[a:b] for a, b in zip([0, *ends], [*ends, len(sent)], strict=True)]


SHAPES = st.sampled_from([FULL, CHUNKED, ANNOUNCED, CLOSING, TO_THE_END, EMPTY, SHORT, UPGRADE])


@given(SHAPES, st.lists(st.integers(0, 200), max_size=12))
def test_however_an_answer_is_cut_it_is_the_same(sent, places):
    assert asyncio.run(heard(cut(sent, places))) == asyncio.run(heard([sent]))


@given(SHAPES, st.integers(0, 100), st.integers(0, 20), st.binary(max_size=20), st.lists(st.integers(0, 200)))
def test_whatever_comes_is_an_answer_or_none(sent, at, gone, instead, places):
    bent = sent[:at] + instead + sent[at + gone :]
    found = asyncio.run(heard(cut(bent, places)))
    assert isinstance(found, Answer) or issubclass(found, OSError)
    if isinstance(found, Answer):
        assert 200 <= found.status <= 999
        assert len(found.content) <= len(bent)
