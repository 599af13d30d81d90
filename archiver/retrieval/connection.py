"""A line to a web server: the address that is dialled is the address that was judged.

A host name is looked up once, here; every number it has is judged, and the connection is made to such a number, not to
the name. So no second look-up can lead elsewhere. Proxies are not used: behind one nobody could tell what is dialled.
"""

from __future__ import annotations

import contextlib
import http.client
import importlib.util
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archiver.errors import ConfigurationError, CouldNotFindOut, UsageError
from archiver.model.web import AddressRefused, WebAddress, is_public, shown, web_address
from archiver.retrieval.patience import Patience

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

PIECE = 1 << 16  # bytes read at once
REDIRECTS = 5
_REDIRECTION = frozenset({301, 302, 303, 307, 308})


class Unreached(CouldNotFindOut):
    """No answer, or none that can be used. `again`: another try may help; `after`: seconds the server asks to wait."""

    def __init__(self, message: str, *, remedy: str = "", again: bool = True, after: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.again = again
        self.after = after


@dataclass(frozen=True, slots=True)
class Way:
    """How servers are reached. `allowed` are hosts, or host:port, that may lie on this machine or a private network."""

    agent: str = "archiver"
    allowed: frozenset[str] = frozenset()
    trust: ssl.SSLContext | None = None  # None: what the system trusts
    timeout: float = 30.0  # seconds without a byte
    patience: float = 60.0  # seconds in which an answer begins, and in which `slowest` bytes come
    slowest: int = 64 * 1024  # bytes

    def allows(self, address: WebAddress) -> bool:
        """Whether the host was named by the person who runs the command."""
        return bool({address.host, f"{address.host}:{address.port}", address.authority} & self.allowed)


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates that the system trusts and, if given, those of a file. Raises ConfigurationError."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise ConfigurationError(
                f"{ca_file} cannot be read as certificates: {error.strerror or error}.",
                remedy="Name a file of certificates in PEM form.",
            ) from error
    return context


def require_transport() -> None:
    """Raise UsageError when the library that speaks HTTP is not installed: nothing else of archiver needs it."""
    if importlib.util.find_spec("urllib3") is None:
        raise UsageError(
            "Fetching needs urllib3, which is not installed here; nothing was fetched.",
            remedy="Install it: pip install 'archiver[fetch]'.",
        )


class Reply:
    """The answer to one request, its body to be read in pieces as it is sent, decoded by nobody."""

    def __init__(self, address: WebAddress, response: BaseHTTPResponse, patience: Patience) -> None:
        self.address = address
        self.status = response.status
        self.fields: Mapping[str, str] = response.headers
        self._response = response
        self._patience = patience
        self.was_read = False

    @property
    def length(self) -> int | None:
        """The length of the body in bytes, as announced."""
        announced = self.fields.get("Content-Length", "")
        return int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 20 else None

    @property
    def is_delimited(self) -> bool:
        """Whether the end of the body can be told from a connection that broke."""
        return self.length is not None or "chunked" in self.fields.get("Transfer-Encoding", "").lower()

    def pieces(self) -> Iterator[bytes]:
        """The body. Raises Unreached when it breaks off, stalls, or comes too slowly."""
        with _told(self.address, self._patience):
            while piece := self._response.read1(PIECE, decode_content=False):
                self._patience.reward(len(piece))
                yield piece
        if self._patience.is_out:  # we made that end ourselves
            raise Unreached(f"{self.address} sends too slowly.")
        self.was_read = True

    def close(self) -> None:
        """Take no more of it."""
        self._response.close()


class Line:
    """One connection at a time, kept open for the next request to the same server. Not for several threads."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._connection: HTTPConnection | None = None
        self._origin: tuple[str, str, int] | None = None
        self._socket: socket.socket | None = None

    @contextlib.contextmanager
    def ask(self, address: WebAddress, fields: Mapping[str, str]) -> Iterator[Reply]:
        """Ask for an address and follow redirects, each judged like the first.

        Raises AddressRefused when one may not be followed, Unreached when there is no answer.
        """
        for _hop in range(REDIRECTS + 1):
            with self._exchange(address, fields) as reply:
                if reply.status not in _REDIRECTION or "Location" not in reply.fields:
                    yield reply
                    return
                address = _next(address, reply.fields["Location"])
        raise AddressRefused(f"it leads from one address to another more than {REDIRECTS} times, at last to {address}")

    def hang_up(self) -> None:
        """End the connection; may be called from another thread, and then whoever reads from it gets Unreached."""
        connection = self._connection
        # A connection gives its socket away when the server says that it will close it; a body still comes by it.
        ends = (self._socket, connection.sock if connection is not None else None)
        for end in ends:
            if end is not None:
                with contextlib.suppress(OSError):
                    # Not the method of an SSL socket, which would let what is left be read as if it were plain text.
                    socket.socket.shutdown(end, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection, self._origin, self._socket = self._connection, None, None, None
        if connection is not None:
            connection.close()

    @contextlib.contextmanager
    def _exchange(self, address: WebAddress, fields: Mapping[str, str]) -> Iterator[Reply]:
        with Patience(self.hang_up, self._way.patience, self._way.slowest) as patience:
            try:
                reply = self._reply(address, fields, patience)
                try:
                    yield reply
                finally:
                    reply.close()
                if not reply.was_read:
                    self.close()
            except BaseException:
                self.close()
                raise

    def _reply(self, address: WebAddress, fields: Mapping[str, str], patience: Patience) -> Reply:
        if self._origin == address.origin and self._connection is not None and self._connection.sock is not None:
            try:
                return self._send(address, fields, patience)
            except Unreached:  # the server may have closed what was kept open: that says nothing of the address
                if patience.is_out:
                    raise
        self.close()
        self._dial(address, patience)
        return self._send(address, fields, patience)

    def _send(self, address: WebAddress, fields: Mapping[str, str], patience: Patience) -> Reply:
        assert self._connection is not None
        all_fields = {
            "Host": address.authority,
            "User-Agent": self._way.agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            **fields,
        }
        with _told(address, patience):
            self._connection.request(
                "GET", address.target, headers=all_fields, preload_content=False, decode_content=False
            )
            response = self._connection.getresponse()
        return Reply(address, response, patience)

    def _dial(self, address: WebAddress, patience: Patience) -> None:
        numbers = self._numbers(address)
        for number in numbers:
            self._connection, self._origin = self._connection_to(address, number), address.origin
            try:
                with _told(address, patience):
                    self._connection.connect()
                    self._socket = self._connection.sock
                    peer = self._socket.getpeername()[0]
            except Unreached:
                self.close()
                if number == numbers[-1] or patience.is_out:
                    raise
                continue
            if ipaddress.ip_address(peer.partition("%")[0]) != ipaddress.ip_address(number.partition("%")[0]):
                raise AddressRefused(f"{address.host} was reached at {peer}, not at {number} as was meant")
            return

    def _connection_to(self, address: WebAddress, number: str) -> HTTPConnection:
        from urllib3.connection import HTTPConnection, HTTPSConnection

        if address.scheme == "http":
            return HTTPConnection(number, address.port, timeout=self._way.timeout)
        return HTTPSConnection(
            number,
            address.port,
            timeout=self._way.timeout,
            ssl_context=self._way.trust or trust(None),
            server_hostname=address.host,
        )

    def _numbers(self, address: WebAddress) -> tuple[str, ...]:
        """The numbers of a host, every one of them judged. Raises AddressRefused or Unreached."""
        try:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            again = getattr(error, "errno", None) == socket.EAI_AGAIN
            raise Unreached(f"The host {address.host} has no address that can be found.", again=again) from error
        numbers = tuple(dict.fromkeys(str(place[0]) for *_kind, place in found))
        if not self._way.allows(address):
            near = [number for number in numbers if not is_public(number)]
            if near:
                number = "" if near[0] == address.host else f" is {near[0]}, which"
                raise AddressRefused(f"{address.host}{number} is of this machine or of a network that is not public")
        return numbers


def _next(address: WebAddress, location: str) -> WebAddress:
    # Fields are handed on as Latin-1; servers that write more than ASCII write UTF-8.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        following = web_address(urljoin(f"{address.scheme}://{address.authority}{address.target}", location))
    except ValueError as error:
        why = error if isinstance(error, AddressRefused) else "it is malformed"
        raise AddressRefused(f"it leads to {shown(location)!r}, which is not followed: {why}") from error
    if address.scheme == "https" and following.scheme == "http":
        raise AddressRefused(f"it leads from https to http ({following}), where anybody on the way can change the file")
    return following


@contextlib.contextmanager
def _told(address: WebAddress, patience: Patience) -> Iterator[None]:
    """What the network says by many exceptions, in one."""
    import urllib3.exceptions as web

    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unreached(
            f"The certificate of {address.host} is not to be trusted: {error.verify_message or error.reason}.",
            remedy="If it is your own server, name its certificate with --ca-file.",
            again=False,
        ) from error
    except (OSError, http.client.HTTPException, web.HTTPError) as error:
        if patience.is_out:
            raise Unreached(f"{address} answers too slowly.") from error
        raise Unreached(f"{address}: {_words(error)}.", again=not isinstance(error, ssl.SSLError)) from error


def _words(error: Exception) -> str:
    import urllib3.exceptions as web

    cause = error.__cause__ if isinstance(error, web.NewConnectionError | web.ProtocolError) else error
    if isinstance(cause, TimeoutError | web.TimeoutError):
        return "no byte came for too long"
    if isinstance(cause, web.IncompleteRead | http.client.IncompleteRead):
        return "the connection ended before the file did"
    if isinstance(cause, ssl.SSLError):
        return f"no secure connection: {cause.reason or 'it was broken off'}"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror.lower()
    if isinstance(cause, ConnectionError | http.client.RemoteDisconnected):
        return "the connection ended without an answer"
    return "the answer is no HTTP"
