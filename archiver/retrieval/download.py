"""One file fetched: as many bytes as stated, the digests that are stated, continued where an earlier try ended."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from archiver.errors import ArchiverError
from archiver.fixity.digests import Digests
from archiver.fixity.measure import failure
from archiver.model.fetching import Fetched, Hindrance, NotFetched, Wanted
from archiver.model.progress import QUIET, Progress
from archiver.model.values import Algorithm, Checksum
from archiver.model.web import AddressRefused, WebAddress, web_address
from archiver.retrieval.connection import Line, Reply, Unreached
from archiver.retrieval.keeping import Part, Validator

STEP = 8 * 1024 * 1024  # bytes: a try that brings as many does not count as failed
LONGEST_WAIT = 120.0  # seconds, whatever a server asks for
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_GONE = frozenset({404, 410})
_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try. `wait` waits for some seconds; it raises what ends the run."""

    tries: int = 5
    pause: float = 1.0  # seconds before the second try; twice as long before each that follows
    most_bytes: int = 16 * 1024**3  # of a file whose size fetch.txt does not state
    progress: Progress = QUIET
    wait: Callable[[float], None] = lambda _seconds: None
    check: Callable[[], None] = lambda: None  # raises when the run is to end


class _Wrong(Exception):
    """What came is not what was stated."""

    def __init__(self, hindrance: Hindrance, detail: str, remedy: str = "") -> None:
        super().__init__(detail)
        self.hindrance, self.detail, self.remedy = hindrance, detail, remedy


class Download:
    """A file on its way into its part."""

    def __init__(self, wanted: Wanted, part: Part, line: Line, effort: Effort) -> None:
        self.wanted, self.part = wanted, part
        self._line, self._effort = line, effort
        self._size = 0
        self._digests = self._fresh()
        self._validator = Validator(wanted.entry.url)
        self._resumed_at = 0
        self._is_mixed = False  # of bytes that came by more than one request
        self._coding = ""
        self._from = ""

    def run(self) -> Fetched | NotFetched:
        """Fetch the file into its part, and leave it there when it is as stated.

        Whatever else is the matter is told, not raised; only what ends the whole run is raised.
        """
        entry = self.wanted.entry
        try:
            return self._fetched(web_address(entry.url))
        except AddressRefused as refused:
            return NotFetched(entry, Hindrance.ADDRESS, str(refused))
        except _Wrong as wrong:
            self.part.discard()
            return NotFetched(entry, wrong.hindrance, wrong.detail, wrong.remedy)
        except ArchiverError as error:
            return NotFetched(entry, Hindrance.UNKNOWN, error.message, error.remedy)
        finally:
            self._digests.__exit__(None, None, None)

    def _fetched(self, address: WebAddress) -> Fetched:
        self._take_up()
        if self._size and self._fault() is None:
            return self._done()
        failures = 0
        while True:
            before = self._size
            try:
                self._request(address)
            except Unreached as error:
                failures = 1 if self._size - before >= STEP else failures + 1
                if not error.again or failures >= self._effort.tries:
                    raise
                pause = self._effort.pause * 2 ** (failures - 1)
                self._effort.wait(min(max(error.after, pause), LONGEST_WAIT))
                continue
            fault = self._fault()
            if fault is None:
                return self._done()
            if not self._is_mixed:
                raise fault
            self._restart()  # perhaps the file changed between two requests, or what was kept is damaged

    def _done(self) -> Fetched:
        return Fetched(self.wanted.entry, self._size, self._digests.checksums(), self._from, self._resumed_at)

    def _fresh(self) -> Digests:
        return Digests(self.wanted.algorithms, self.wanted.entry.size or 0).__enter__()

    def _take_up(self) -> None:
        """Begin with what an earlier run left, when it is of the same address."""
        validator = self.part.validator()
        if validator is None or validator.url != self.wanted.entry.url or self.part.size() > self._most:
            return
        if self.part.size():
            for piece in self.part.content():
                self._effort.check()
                self._digests.update(piece)
                self._size += len(piece)
            self._effort.progress.advance(0, self._size)
            self._validator, self._is_mixed = validator, True

    def _restart(self) -> None:
        self._effort.progress.expect(0, self._size)
        self.part.discard()
        self._digests.__exit__(None, None, None)
        self._digests, self._size, self._is_mixed, self._resumed_at = self._fresh(), 0, False, 0

    def _request(self, address: WebAddress) -> None:
        if not self._is_answered(address):
            self._restart()
            self._is_answered(address)  # without a range now

    def _is_answered(self, address: WebAddress) -> bool:
        """Ask for what is missing and take it; False when what is at hand is no beginning of the file any more."""
        fields: dict[str, str] = {}
        if self._size and self._validator.condition:
            fields = {"Range": f"bytes={self._size}-", "If-Range": self._validator.condition}
        with self._line.ask(address, fields) as reply:
            goes_on = self._begins_where_we_are(reply, asked=bool(fields))
            if goes_on is None:
                return False
            self._from, self._coding = str(reply.address), reply.fields.get("Content-Encoding", "")
            self._judge_length(reply, self._size if goes_on else 0)
            descriptor = self._opened(reply, goes_on=goes_on)
            try:
                self._take(reply, descriptor)
            finally:
                os.close(descriptor)
        return True

    def _opened(self, reply: Reply, *, goes_on: bool) -> int:
        """A descriptor for the body, after what is at hand or in its place."""
        if goes_on:
            self._resumed_at, self._is_mixed = self._size, True
            return self.part.go_on()
        if self._size:
            self._restart()
        self._validator = validator_of(self.wanted.entry.url, reply.fields)
        return self.part.begin(self._validator)

    def _begins_where_we_are(self, reply: Reply, *, asked: bool) -> bool | None:
        """Whether the body continues what is at hand; None: what is at hand is no beginning of the file any more."""
        if reply.status == 200:
            return False
        if reply.status == 206 and asked:
            found = _RANGE.fullmatch(reply.fields.get("Content-Range", "").strip())
            return True if found and int(found[1]) == self._size else None
        if reply.status == 416 and asked:
            return None
        words = f"{reply.address}: the server answers {reply.status}"
        if reply.status in _GONE:
            raise _Wrong(Hindrance.GONE, f"the server answers {reply.status}: there is no such file at {reply.address}")
        if reply.status in _AGAIN or reply.status >= 500:
            raise Unreached(f"{words}, a trouble of its own.", after=_seconds(reply.fields.get("Retry-After", "")))
        meaning = {401: ", it wants a password", 403: ", it does not allow it", 407: ", a proxy wants a password"}
        raise Unreached(f"{words}{meaning.get(reply.status, '')}.", again=False)

    @property
    def _most(self) -> int:
        stated = self.wanted.entry.size
        return self._effort.most_bytes if stated is None else stated

    def _judge_length(self, reply: Reply, before: int) -> None:
        """Refuse before the first byte what is announced with another length than stated."""
        if reply.length is None:
            return
        announced, stated = before + reply.length, self.wanted.entry.size
        if stated is not None and announced != stated:
            raise _Wrong(Hindrance.SIZE, f"fetch.txt states {stated} bytes, the server announces {announced}"
                                         f"{self._encoded()}")  # fmt: skip
        if announced > self._most:
            raise self._too_many(announced)

    def _too_many(self, size: int) -> Unreached:
        return Unreached(
            f"{self.wanted.entry.path}: fetch.txt states no size, and there are {size:,} bytes or more, over the limit"
            f" of {self._most:,}.",
            remedy="If that is to be expected, raise --most-bytes.",
            again=False,
        )

    def _take(self, reply: Reply, descriptor: int) -> None:
        for piece in reply.pieces():
            self._effort.check()
            if self._size + len(piece) > self._most:
                if self.wanted.entry.size is None:
                    raise self._too_many(self._size + len(piece))
                raise _Wrong(Hindrance.SIZE, f"fetch.txt states {self._most} bytes, and more came{self._encoded()}")
            self._write(descriptor, piece)
            self._digests.update(piece)
            self._size += len(piece)
            self._effort.progress.advance(0, len(piece))
        stated = self.wanted.entry.size
        if stated is not None and self._size < stated and not reply.is_delimited:
            raise Unreached(f"{reply.address}: the connection ended after {self._size} of {stated} bytes.")

    def _write(self, descriptor: int, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            try:
                view = view[os.write(descriptor, view) :]
            except OSError as error:
                raise failure(error, self.part.file, "writing") from error

    def _fault(self) -> _Wrong | None:
        """What is not as stated, or None."""
        stated = self.wanted.entry.size
        if stated is not None and self._size != stated:
            return _Wrong(Hindrance.SIZE, f"fetch.txt states {stated} bytes, {self._size} came{self._encoded()}")
        found = {checksum.algorithm: checksum.hexdigest for checksum in self._digests.checksums()}
        wrong = differences(self.wanted.stated, found)
        if wrong:
            return _Wrong(Hindrance.DIGEST, f"{'; '.join(wrong)} ({self._size} bytes){self._encoded()}")
        return None

    def _encoded(self) -> str:
        if not self._coding or self._coding.lower() == "identity":
            return ""
        return f"; the server encoded it as {self._coding[:40]!r}, unasked"


def differences(stated: Mapping[str, tuple[Algorithm, str]], found: Mapping[Algorithm, str]) -> list[str]:
    """What manifests state otherwise, in words."""
    return [
        f"{name} states {algorithm.label} {digest}, found {found[algorithm]}"
        for name, (algorithm, digest) in stated.items()
        if found[algorithm] != digest
    ]


def is_as_stated(wanted: Wanted, size: int, checksums: tuple[Checksum, ...]) -> bool:
    """Whether what was measured is what fetch.txt and every manifest state."""
    found = {checksum.algorithm: checksum.hexdigest for checksum in checksums}
    return wanted.entry.size in {None, size} and not differences(wanted.stated, found)


def validator_of(url: str, fields: Mapping[str, str]) -> Validator:
    """What a part can be continued by: a strong ETag, or a date of change that was past when it was sent.

    RFC 9110 §8.8.2.2, §8.8.3, §13.1.5.
    """
    etag = fields.get("ETag", "")
    if re.fullmatch(r'"[\x21\x23-\x7e]*"', etag):
        return Validator(url, etag=etag)
    try:
        changed, sent = (parsedate_to_datetime(fields.get(name, "")) for name in ("Last-Modified", "Date"))
        if sent - changed >= timedelta(seconds=1):
            return Validator(url, modified=fields["Last-Modified"])
    except (TypeError, ValueError):  # none, or none that is a date
        pass
    return Validator(url)


def _seconds(words: str) -> float:
    return float(words) if re.fullmatch(r"[0-9]{1,6}", words.strip()) else 0.0
