"""Addresses on the web: which may be followed, and how they are shown. Nothing is looked up here."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

LONGEST_ADDRESS = 8192  # characters
_PORTS = {"http": 80, "https": 443}
_KEPT = "%/:@!$&'()*+,;=-._~?[]"  # characters of a path or query that stay as they are (RFC 3986 §3.3, §3.4)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(ValueError):
    """An address that is not followed; the words say why and bear no secret of it."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https address, ready to be asked for: host in ASCII and lower case, path and query encoded."""

    scheme: str
    host: str
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        """Host and port as the Host field has them: the port only when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What one connection can serve."""
        return self.scheme, self.host, self.port

    def __str__(self) -> str:
        path, mark, _query = self.target.partition("?")
        return f"{self.scheme}://{self.authority}{path}{'?…' if mark else ''}"


def web_address(url: str) -> WebAddress:
    """An address that may be followed as far as its letters tell. Raises AddressRefused for every other."""
    if len(url) > LONGEST_ADDRESS:
        raise AddressRefused(f"it has {len(url):,} characters, more than {LONGEST_ADDRESS:,}")
    if re.search(r"[\x00-\x20\x7f\\\ud800-\udfff]", url):
        raise AddressRefused("it has a space, a backslash, a control character or bytes that are no text")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("it is malformed") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise AddressRefused(f"its scheme is {scheme[:20]!r}; only http and https are followed")
    if has_credentials(parts):
        raise AddressRefused("it holds a user name or password; a bag that everybody may read is no place for one")
    if port == 0:
        raise AddressRefused("its port is 0")
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return WebAddress(scheme, _host(parts.hostname or ""), port or _PORTS[scheme], target)


def _host(host: str) -> str:
    try:
        name = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError as error:
        raise AddressRefused("its host is no name") from error
    if not re.fullmatch(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}", name):
        raise AddressRefused("its host is no name or number" if name else "it names no host")
    return name


def has_credentials(parts: SplitResult) -> bool:
    """Whether an address holds a user name or password."""
    return "@" in parts.netloc


def shown(url: str) -> str:
    """An address for reports: without user name, password and the values of its query, and not too long."""
    bare = re.sub(r"^([^/?#]*//)[^/?#]*@", r"\1…@", url)
    bare = re.sub(r"\?.*", "?…", bare.partition("#")[0], flags=re.DOTALL)
    return bare if len(bare) <= 200 else bare[:199] + "…"


def is_public(number: str) -> bool:
    """Whether an address of the Internet Protocol is one of the public net: not of this machine, a private or
    link-local network, a group, or of one of these inside of an IPv6 address.

    Raises ValueError when it is no such address.
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def is_near(host: str) -> bool:
    """Whether a host, by its letters alone, is this machine or one of a private network."""
    try:
        return not is_public(host)
    except ValueError:
        name = host.lower().rstrip(".")
        return name == "localhost" or name.endswith(".localhost")
