"""What servers answer that they should not: cut off, endless, slow, encoded, led astray. Every address is judged."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import web
from bags import codes
from hypothesis import given
from hypothesis import strategies as st
from web import Scripted, answer, holey, run, tree

from archiver.errors import StorageError
from archiver.fetching import FetchSettings, complete
from archiver.model.provenance import Agent, AgentKind
from archiver.model.report import Report
from archiver.model.web import AddressRefused, is_near, is_public, shown, web_address
from archiver.retrieval.connection import Line, Way
from archiver.retrieval.download import Effort, validator_of
from archiver.retrieval.keeping import Keep
from archiver.retrieval.record import Witness

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CONTENT = b"0123456789" * 20_000
PERSON = Witness(lambda: datetime(2026, 1, 1, tzinfo=UTC), Agent("archiver", AgentKind.SOFTWARE, "archiver", "1"))


class Pauses:
    """Waits for nothing, and notes how long it should have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, _over: threading.Event, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def server() -> Iterator[Scripted]:
    with web.scripted({}) as running:
        yield running


def bag_of(tmp_path: Path, url: str, size: str = str(len(CONTENT))) -> Path:
    return holey(tmp_path / "bag", {"a": CONTENT}, {"a": (url, size)})


def fetched(bag: Path, **settings: object) -> tuple[Report, list[float]]:
    pauses = Pauses()
    usual = FetchSettings(PERSON, pauses, allowed=frozenset({"127.0.0.1"}), effort=Effort(tries=3))
    return complete(bag, None, replace(usual, **settings)), pauses.seconds  # type: ignore[arg-type]


def is_complete(bag: Path) -> bool:
    return tree(bag / "data") == {"a": CONTENT} and codes(bag) == set()


def broken_off(at: int, **fields: str) -> bytes:
    return answer(CONTENT[:at], length=len(CONTENT), **fields)


def rest_of(at: int, total: int = len(CONTENT), content: bytes = CONTENT) -> bytes:
    return answer(content[at:], "206 Partial Content", Content_Range=f"bytes {at}-{total - 1}/{total}", ETag='"1"')


def test_what_breaks_off_is_continued_by_range(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [broken_off(70_000, ETag='"1"'), rest_of(70_000)]
    bag = bag_of(tmp_path, server.url("a"))
    report, pauses = fetched(bag)
    assert report.exit_status == 0, report.error
    assert is_complete(bag)
    assert "Range: bytes=70000-\r\n" in server.requests[1]
    assert 'If-Range: "1"\r\n' in server.requests[1]
    assert pauses == [1.0]


@pytest.mark.parametrize("fields", [{}, {"ETag": 'W/"1"'}, {"ETag": "1"}, {"Last_Modified": "yesterday"}], ids=str)
def test_without_a_validator_it_begins_anew(server: Scripted, tmp_path: Path, fields: dict[str, str]) -> None:
    server.answers["a"] = [broken_off(70_000, **fields), answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)
    assert "Range:" not in server.requests[1]


@pytest.mark.parametrize(
    "second",
    [
        rest_of(69_999),
        answer(b"", "416 Range Not Satisfiable", Content_Range="bytes */10"),
        answer(CONTENT[70_000:], "206 Partial Content"),
        answer(CONTENT[70_000:], "206 Partial Content", Content_Range="bytes 70000-x/y"),
        rest_of(70_000, content=bytes(len(CONTENT))),
    ],
    ids=["another place", "416", "no range", "malformed", "other bytes"],
)
def test_a_part_that_does_not_fit_is_thrown_away(server: Scripted, tmp_path: Path, second: bytes) -> None:
    server.answers["a"] = [broken_off(70_000, ETag='"1"'), second, answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)
    assert "Range:" not in server.requests[2]


def test_a_part_nobody_asked_for_is_refused(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [rest_of(0)]
    report, _pauses = fetched(bag_of(tmp_path, server.url("a")))
    assert report.exit_status == 3
    assert "206" in report.error


def test_an_end_that_comes_always_too_early_is_not_known(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [broken_off(10)]
    bag = bag_of(tmp_path, server.url("a"))
    report, pauses = fetched(bag)
    assert report.exit_status == 3
    assert "the connection ended before the file did" in report.error
    assert "run the same command again to go on" in report.error_remedy
    assert (len(server.requests), pauses) == (3, [1.0, 2.0])
    assert tree(bag / "data") == {}


def test_an_end_without_announced_length_is_no_whole_file(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [answer(CONTENT[:500], length=None), answer(CONTENT, length=None)]
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)


def test_trouble_of_the_server_is_waited_for_as_it_asks(server: Scripted, tmp_path: Path) -> None:
    busy = answer(b"", "503 Service Unavailable", Retry_After="7")
    for_ever = answer(b"", "429 Too Many Requests", Retry_After="999999")
    server.answers["a"] = [busy, for_ever, answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"))
    report, pauses = fetched(bag)
    assert (report.exit_status, pauses) == (0, [7.0, 120.0])


@pytest.mark.parametrize("status", ["403 Forbidden", "401 Unauthorized", "204 No Content", "300 Multiple Choices"])
def test_other_answers_are_not_tried_again_and_not_known(server: Scripted, tmp_path: Path, status: str) -> None:
    server.answers["a"] = [answer(b"", status)]
    report, _pauses = fetched(bag_of(tmp_path, server.url("a")))
    assert report.exit_status == 3
    assert status[:3] in report.error
    assert len(server.requests) == 1


def reset(caller: socket.socket) -> None:
    caller.sendall(broken_off(1000))
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_a_connection_that_is_reset_is_tried_again(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [reset, answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)


def test_nobody_there(tmp_path: Path) -> None:
    report, pauses = fetched(bag_of(tmp_path, f"http://127.0.0.1:{web.free_port()}/a"))
    assert report.exit_status == 3
    assert "connection refused" in report.error
    assert len(pauses) == 2


# ---- sizes


def endless(caller: socket.socket) -> None:
    caller.sendall(CHUNKED)
    while True:
        caller.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")


def test_more_than_stated_ends_the_download(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [endless]
    report, _pauses = fetched(bag_of(tmp_path, server.url("a")))
    assert [finding.code for finding in report.findings] == ["FTC-002"]
    assert "and more came" in report.findings[0].message
    assert list(tmp_path.glob(".bag.fetching")) == []


def test_what_states_no_size_is_bounded(server: Scripted, tmp_path: Path) -> None:
    server.answers = {"a": [endless], "b": [answer(b"", length=10**12)]}
    bag = holey(tmp_path / "bag", {"a": b"a", "b": b"b"}, {name: (server.url(name), "-") for name in "ab"})
    report, _pauses = fetched(bag, effort=Effort(tries=3, most_bytes=1_000_000))
    assert report.exit_status == 3
    assert report.error.count("over the limit of 1,000,000") == 2
    assert "--most-bytes" in report.error_remedy
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.part")) <= 1_000_000


def test_a_full_disk_is_told_before_the_first_byte(server: Scripted, tmp_path: Path) -> None:
    server.answers["a"] = [answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"), str(10**18))
    with pytest.raises(StorageError, match="1,000,000,000,000,000,000 bytes are needed"):
        fetched(bag)
    assert server.requests == []


def test_what_the_server_encodes_unasked_is_taken_as_it_comes(server: Scripted, tmp_path: Path) -> None:
    """Servers send .gz files so; the bytes are the file. Where they are not, the message names the cause."""
    server.answers = {"a": [answer(CONTENT, Content_Encoding="gzip")]}
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)
    assert "Accept-Encoding: identity\r\n" in server.requests[0]
    server.answers = {"b": [answer(b"\x1f\x8b packed", Content_Encoding="gzip")]}
    other = holey(tmp_path / "other", {"b": b"b"}, {"b": (server.url("b"), "-")})
    report, _pauses = fetched(other)
    assert "the server encoded it as 'gzip', unasked" in report.findings[0].message


# ---- servers that hold one up


def slow_head(caller: socket.socket) -> None:
    caller.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        caller.sendall(b"X-A: b\r\n")
        time.sleep(0.05)


def slow_body(caller: socket.socket) -> None:
    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n")
    while True:
        caller.sendall(b"x")
        time.sleep(0.05)


def slow_chunk(caller: socket.socket) -> None:
    caller.sendall(CHUNKED)
    while True:
        caller.sendall(b"0")
        time.sleep(0.05)


def silent(caller: socket.socket) -> None:
    caller.recv(1)


@pytest.mark.parametrize("hold", [slow_head, slow_body, slow_chunk, silent], ids=lambda hold: hold.__name__)
def test_a_server_that_holds_one_up_is_left(server: Scripted, tmp_path: Path, hold: web.Answer) -> None:
    server.answers["a"] = [hold]
    report, _pauses = fetched(
        bag_of(tmp_path, server.url("a")), way=Way(timeout=5, patience=0.5), effort=Effort(tries=2)
    )
    assert report.exit_status == 3
    assert "too slowly" in report.error
    assert len(server.requests) == 2


def test_a_slow_body_without_length_is_not_taken_for_whole(server: Scripted, tmp_path: Path) -> None:
    def dribble(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"0")
        caller.recv(1)

    server.answers["a"] = [dribble]
    bag = holey(tmp_path / "bag", {"a": b"01"}, {"a": (server.url("a"), "-")})
    report, _pauses = fetched(bag, way=Way(timeout=5, patience=0.5), effort=Effort(tries=1))
    assert report.exit_status == 3
    assert report.findings == ()


@pytest.mark.parametrize(
    "content",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", b"\0" * 100, b"",
     b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", CHUNKED + b"zz\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"],
    ids=["another protocol", "long field", "zeros", "nothing", "many fields", "chunk", "length", "location"],
)  # fmt: skip
def test_what_is_no_http_is_told_in_words(server: Scripted, tmp_path: Path, content: bytes) -> None:
    server.answers["a"] = [content]
    bag = bag_of(tmp_path, server.url("a"))
    report, _pauses = fetched(bag)
    assert report.exit_status in {1, 3}
    assert report.error or report.findings
    assert "Error" not in report.error
    assert tree(bag / "data") == {}


# ---- where addresses lead


def lead(target: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, Location=target)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("gopher://127.0.0.1/", "only http and https"),
        ("http://169.254.169.254/latest", "169.254.169.254 is of this machine or of a network"),
        ("http://[::1]/", "::1 is of this machine"),
        ("http://[::ffff:10.0.0.1]/", "network that is not public"),
        ("http://localhost/", "which is of this machine"),
        ("http://2130706433/", "which is of this machine"),
        ("http://0x7f.1/", "which is of this machine"),
        ("http://who:secret@127.0.0.1/", "user name or password"),
        ("http://127.0.0.1\\@example.org/", "backslash"),
        ("", "more than 5 times"),
    ],
)
def test_a_redirect_is_judged_like_the_first_address(server: Scripted, tmp_path: Path, target: str, words: str) -> None:
    server.answers["a"] = [lead(target)]
    report, _pauses = fetched(bag_of(tmp_path, server.url("a")))
    (finding,) = report.findings
    assert (report.exit_status, finding.code) == (1, "FTC-004")
    assert words in finding.message
    assert "secret" not in finding.message


def test_redirects_are_followed_and_counted(server: Scripted, tmp_path: Path) -> None:
    names = "abcdef"
    for name, following in pairwise(names):
        server.answers[name] = [lead(f"/{following}", "307 Temporary Redirect")]
    server.answers["f"] = [answer(CONTENT)]
    bag = bag_of(tmp_path, server.url("a"))
    assert fetched(bag)[0].exit_status == 0
    assert is_complete(bag)
    server.answers = {"a": [lead("/b")], "b": [lead("/a")]}
    loop = holey(tmp_path / "loop", {"a": b"a"}, {"a": (server.url("a"), "-")})
    report, _pauses = fetched(loop)
    assert "more than 5 times" in report.findings[0].message


@pytest.mark.parametrize(
    "url",
    ["http://localhost:{port}/a", "http://127.1:{port}/a", "http://2130706433:{port}/a", "http://0177.0.0.1:{port}/a",
     "http://[::ffff:127.0.0.1]:{port}/a", "http://0.0.0.0:{port}/a", "http://LOCALHOST.:{port}/a"],
)  # fmt: skip
def test_this_machine_is_refused_by_whatever_name(server: Scripted, tmp_path: Path, url: str) -> None:
    server.answers["a"] = [answer(CONTENT)]
    report, _pauses = fetched(bag_of(tmp_path, url.format(port=server.port)), allowed=frozenset())
    assert report.exit_status in {1, 3}  # 3: a system that cannot look such a name up
    assert server.requests == []
    if report.exit_status == 1:
        assert report.findings[0].code == "FTC-004"


def test_a_name_of_the_public_web_that_leads_here_is_refused(
    server: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look-up is the only one: a name that changes its number between two of them gains nothing."""
    looked_up: list[str] = []
    asked = socket.getaddrinfo

    def numbers(host: str, port: int, *rest: object, **more: object) -> object:
        if host.endswith("example.org"):
            looked_up.append(host)
            if host.startswith("mixed"):
                return asked("198.51.100.7", port, type=socket.SOCK_STREAM) + asked("10.0.0.1", port)
            host = "127.0.0.1" if host.startswith("near") or len(looked_up) > 1 else "198.51.100.7"
        return asked(host, port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", numbers)
    server.answers["a"] = [answer(CONTENT)]
    for name in ("near", "mixed"):
        bag = holey(tmp_path / name, {"a": b"a"}, {"a": (f"http://{name}.example.org:{server.port}/a", "-")})
        report, _pauses = fetched(bag, allowed=frozenset())
        assert [finding.code for finding in report.findings] == ["FTC-004"]
    looked_up.clear()
    monkeypatch.setattr("archiver.retrieval.connection.is_public", lambda number: number != "127.0.0.1")
    bag = holey(tmp_path / "turning", {"a": b"a"}, {"a": (f"http://turning.example.org:{server.port}/a", "-")})
    report, _pauses = fetched(bag, allowed=frozenset(), way=Way(timeout=0.5, patience=1), effort=Effort(tries=1))
    assert (report.exit_status, looked_up) == (3, ["turning.example.org"])  # dialled 198.51.100.7, where nobody is
    assert server.requests == []


def test_a_password_in_an_address_is_neither_sent_nor_shown(server: Scripted, tmp_path: Path) -> None:
    url = f"http://who:hunter2@127.0.0.1:{server.port}/a?signature=hunter3"
    bag = bag_of(tmp_path, url)
    for form in ("text", "json"):
        done = run(bag, "--in-place", "--allow-host", "127.0.0.1", "--output-format", form)
        assert done.returncode == 1
        assert "FTC-004" in done.stdout
        assert "hunter" not in done.stdout + done.stderr
    assert server.requests == []


def test_many_small_files_come_by_few_connections(tmp_path: Path) -> None:
    payload = {f"{number}": str(number).encode() for number in range(30)}
    with web.nginx(tmp_path / "server") as running:
        for name, content in payload.items():
            (running.www / name).write_bytes(content)
        with Keep(tmp_path / "x"):
            pass
        bag = holey(tmp_path / "bag", payload, {name: (running.url(name), "-") for name in payload})
        report, _pauses = fetched(bag)
        assert report.exit_status == 0
        assert len(running.asked()) == 30
        line = Line(Way(allowed=frozenset({"127.0.0.1"})))
        ends = set()
        for name in payload:
            with line.ask(web_address(running.url(name)), {}) as reply:
                assert b"".join(reply.pieces()) == payload[name]
                ends.add(line._connection.sock.getsockname())  # type: ignore[union-attr]
        line.close()
        assert len(ends) == 1


# ---- letters


NEAR = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
198.18.0.1
::1 :: fe80::1%eth0 fd00::1 fec0::1 ff02::1 ::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::a9fe:a9fe 2001:0:1::1"""
PUBLIC = "8.8.8.8 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808"


@pytest.mark.parametrize(
    ("number", "public"), [*((each, False) for each in NEAR.split()), *((each, True) for each in PUBLIC.split())]
)
def test_numbers_of_the_public_net(number: str, public: bool) -> None:
    assert is_public(number) is public
    assert is_near(number.partition("%")[0]) is not public


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("HTTP://Example.ORG", "example.org", 80, "/"),
        ("https://example.org:8443/a%20b?x=1#y", "example.org", 8443, "/a%20b?x=1"),
        ("http://bücher.example/ä?ö", "xn--bcher-kva.example", 80, "/%C3%A4?%C3%B6"),
        ("http://[2001:db8::1]/x", "2001:db8::1", 80, "/x"),
    ],
)
def test_addresses_are_made_ready(url: str, host: str, port: int, target: str) -> None:
    address = web_address(url)
    assert (address.host, address.port, address.target) == (host, port, target)


@pytest.mark.parametrize(
    "url",
    ["", "/a", "a", "ftp://example.org/", "http:///a", "http://", "http://a b/", "http://a/\r\nHost: b", "http://u@h/",
     "http://h:99999/", "http://h:0/", "http://h:x/", "http://[::1%25lo]/", "http://[::1", "http://\udce4/",
     "http://h/" + "a" * 9000, "javascript:alert(1)", "http://h\t/", "http://%00/", "http://h#@x/".replace("#", "%23")],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        web_address(url)


@given(st.text())
def test_any_letters_are_an_address_or_refused(words: str) -> None:
    for url in (words, f"http://{words}", f"http://h/{words}", f"http://who:secret@{words}"):
        try:
            address = web_address(url)
        except AddressRefused:
            continue
        assert address.host
        assert all("!" <= sign <= "~" for sign in address.target + address.authority)


@given(st.text(alphabet=st.characters(exclude_characters="/?#@:", codec="utf-8"), max_size=20))
def test_no_password_is_shown(rest: str) -> None:
    assert "secret" not in shown(f"https://who:secret@{rest}/path?token=secret#secret")


def test_what_a_part_can_be_continued_by() -> None:
    sent = {"Date": "Thu, 01 Jan 2026 00:00:10 GMT"}
    assert validator_of("u", {"ETag": '"x"'}).condition == '"x"'
    assert validator_of("u", {**sent, "Last-Modified": "Thu, 01 Jan 2026 00:00:09 GMT"}).condition
    assert not validator_of("u", {**sent, "Last-Modified": "Thu, 01 Jan 2026 00:00:10 GMT"}).condition
    assert not validator_of("u", {"Last-Modified": "Thu, 01 Jan 2026 00:00:09 GMT"}).condition
    assert not validator_of("u", {**sent, "ETag": 'W/"x"'}).condition
