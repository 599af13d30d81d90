"""Files that people write: BagIt profiles, profiles of serials and packages; addresses; names shown and renamed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

import bag_profile_shapes as shapes

from archiver import plugs, profiles
from archiver.bag_profiles import parse_bag_profile
from archiver.errors import ConfigurationError
from archiver.model import names, portable
from archiver.model.bag_profile import Allowed, BagProfile, ProfiledBag, Serialization
from archiver.model.names import escape
from archiver.model.report import Severity
from archiver.model.web import AddressRefused, web_address
from archiver.package_profiles import load_package_profile
from fuzz.bags import contents_of
from fuzz.target import Target, no_check_crashes, register, size_class
from fuzz.workfile import workfile

ROOT = Path(__file__).resolve().parents[2]
_SHAPES = [shapes.plain(), shapes.aptrust()]


def is_safe(words: str) -> bool:
    """Whether words can be shown: nothing a terminal or a page would obey."""
    for sign in words:
        if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"}:
            return False
        if unicodedata.bidirectional(sign) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}:
            return False
    return len(words.splitlines()) <= 1


def escaped(data: bytes) -> Iterable[Hashable]:
    found = set[Hashable]()
    for encoding, errors in (("utf-8", "surrogateescape"), ("utf-16-le", "surrogatepass")):
        words = data[: len(data) & ~1].decode(encoding, errors if encoding == "utf-8" else "replace")
        shown = escape(words)
        assert is_safe(shown), shown
        assert escape(shown) == shown
        shown.encode("utf-8")
        if words.isascii() and words.isprintable():
            assert shown == words
        for columns in (1, 2, 7, 44):
            cut = names.cut(shown, columns)
            assert names.width(cut) <= columns, (cut, columns)
            assert shown.startswith(cut.removesuffix("…"))
        found |= {unicodedata.category(sign) for sign in words[:20]}
    return found


def renamed(data: bytes) -> Iterable[Hashable]:
    """Portable names: portable, different, and those that are so already stay."""
    given = [name for name in data.decode("utf-8", "surrogateescape").split("\n") if name.strip("/") == name != ""]
    given = [name for name in dict.fromkeys(given) if not {"", ".", ".."} & set(name.split("/"))]
    files = [name for name in given if not any(other.startswith(f"{name}/") for other in given)]
    made = portable.portable_names(files)
    assert len(made) == len(files)
    folded: dict[str, str] = {}
    for before, after in zip(files, made, strict=True):
        twin = folded.setdefault(after.casefold(), before)
        assert twin.casefold() == before.casefold(), (twin, before, after)
    for before, after in zip(files, made, strict=True):
        assert all(portable.is_portable(part) for part in after.split("/")), after
        if all(portable.is_portable(part) for part in before.split("/")):
            assert before.casefold() in {name.casefold() for name in made}
    assert portable.portable_names(files) == made
    return {size_class(len(files)), made == files}


def bag_profile(data: bytes) -> Iterable[Hashable]:
    try:
        profile = parse_bag_profile(data, "p.json")
    except ConfigurationError as error:
        assert error.message.startswith("p.json"), error.message
        assert len(error.message) < 64 * 1024
        return {re.sub(r"[^a-z ]", "", error.message[6:40])}
    told = json.loads(data.decode("utf-8-sig"))
    assert isinstance(told, dict)
    _holds(profile, told)
    contents = contents_of({"bagit.txt": b"BagIt-Version: 1.0\n", "data/a": b"x", "bag-info.txt": b"A: b\n"})
    runs, _findings = plugs.run_checks("bag-profile", ProfiledBag(contents, profile, None), subject="x")
    no_check_crashes(runs)
    return {profile.specification, profile.serialization, size_class(len(profile.tags)), len(profile.remarks)}


def _holds(profile: BagProfile, told: dict[str, object]) -> None:
    """What the type promises of a profile that was accepted."""
    assert profile.identifier.strip() == profile.identifier != ""
    assert (1, 1, 0) <= profile.specification <= (1, 4, 0)
    assert profile.accept_versions
    assert all(re.fullmatch(r"[0-9]{1,4}\.[0-9]{1,4}", version) for version in profile.accept_versions)
    assert isinstance(profile.serialization, Serialization)
    labels = [tag.label.lower() for tag in profile.tags]
    assert len(set(labels)) == len(labels)
    for tag in profile.tags:
        assert tag.label.strip() == tag.label != ""
        assert all(isinstance(value, str) and value.strip() for value in tag.values)
        assert all(isinstance(each, bool) for each in (tag.required, tag.recommended, tag.repeatable))
    for required, allowed in (
        (profile.manifests_required, profile.manifests_allowed),
        (profile.tag_manifests_required, profile.tag_manifests_allowed),
    ):
        assert all(re.fullmatch(r"[a-z0-9]+", name) for name in (*required, *(allowed or ())))
        assert allowed is None or set(required) <= set(allowed)
    for path in (*profile.tag_files_required, *profile.payload_files_required):
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "\0" not in path
    for patterns in (profile.tag_files_allowed, profile.payload_files_allowed):
        if patterns is not None:
            assert all(pattern in Allowed(patterns) for pattern in patterns)
    assert all(isinstance(remark.severity, Severity) for remark in profile.remarks)
    assert isinstance(told.get("BagIt-Profile-Info"), dict)


def serial_profile(data: bytes) -> Iterable[Hashable]:
    try:
        profile = profiles.parse(data, "p.toml")
    except ConfigurationError as error:
        assert error.message.startswith("p.toml"), error.message
        place = re.match(r"p\.toml:(\d+): ", error.message)
        assert place is None or 1 <= int(place[1]) <= data.count(b"\n") + 1, error.message
        return {re.sub(r"[^a-z ]", "", error.message[7:50])}
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", profile.identifier)
    assert profile.forms
    assert profile.weekday is None or 0 <= profile.weekday <= 6
    assert 1 <= profile.number_width <= 9
    assert "headline" in profile.articles.headline.groupindex
    return {len(profile.forms), profile.frequency}


def package_profile(data: bytes) -> Iterable[Hashable]:
    path = workfile("p.package.toml", data)
    try:
        profile = load_package_profile(path, [ROOT / "profiles"])
    except ConfigurationError as error:
        return {re.sub(r"[^a-z ]", "", error.message.removeprefix(str(path))[:50])}
    except Exception as error:
        if type(error).__name__ == "UnreadableInput":  # the BagIt profile it names is not there
            return {"unreadable"}
        raise
    assert profile.accepted
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", profile.identifier)
    return {len(profile.accepted), profile.otherwise}


def address(data: bytes) -> Iterable[Hashable]:
    """An address that may be followed goes to one host, by one line, with no secret in it."""
    url = data.decode("utf-8", "surrogateescape")
    try:
        found = web_address(url)
    except AddressRefused as refusal:
        return {str(refusal)[:24]}
    assert found.scheme in {"http", "https"}
    assert found.host
    assert re.fullmatch(r"[a-z0-9._:%-]+", found.host), found.host
    assert 1 <= found.port <= 65535
    assert found.target.startswith("/")
    assert re.fullmatch(r"[\x21-\x7e]+", found.target), found.target
    assert "@" not in found.authority
    assert is_safe(str(found))
    again = web_address(f"{found.scheme}://{found.authority}{found.target}")
    assert again == found, (again, found)
    return {found.scheme, ":" in found.host, "?" in found.target}


def _profile_seeds() -> Iterator[bytes]:
    yield (ROOT / "profiles" / "newsletter-issue.bagit-profile.json").read_bytes()
    for shape in _SHAPES:
        yield json.dumps(shape).encode()
        yield json.dumps(shape, indent=1).encode("utf-8-sig")
    yield json.dumps(shapes.plain(Data_Empty=True, Payload_Files_Required=["data/a"], Tag_Files_Allowed=["*"])).encode()
    yield b'{"BagIt-Profile-Info": {"Version": 1.0e9}, "A": [[[[NaN]]]], "A": "\\ud800"}'


def _serial_seeds() -> Iterator[bytes]:
    for path in sorted((ROOT / "profiles").glob("*.toml")):
        if not path.name.endswith(".package.toml"):
            yield path.read_bytes()


def _package_seeds() -> Iterator[bytes]:
    yield (ROOT / "profiles" / "newsletter-issue.package.toml").read_bytes()
    package = b'[package]\nid = "a"\nbagit-profile = "newsletter-issue"\n'
    yield package + b'[fixity]\naccepted = ["md5"]\notherwise = "warning"\n'


def _escape_seeds() -> Iterator[bytes]:
    yield "a甲\u202e\u0085\x1b[31m\ufeff\U000e0001é".encode()
    yield "x\u2028y\u2029\x00\x7f\x9b\u0301\u0301".encode("utf-16-le")
    yield b"\xff\xfe\x80"


def _name_seeds() -> Iterator[bytes]:
    yield "a.txt\n甲.txt\ndata/CON\ndata/con.txt\nx/y/z\n0001.txt\nA.TXT\n.hidden\nend.\n0002.jpg\n".encode()
    yield b"\xff\nx.tar.gz\n" + b"n" * 150 + b"\na b/c d\n"


def _address_seeds() -> Iterator[bytes]:
    for url in ("https://a.example/x?q=1#f", "http://[::1]:80/", "http://127.0.0.1/", "HTTPS://BÜCHER.example/甲 b",
                "https://user:pw@a.example/", "ftp://a/", "http://a.example:99999/",
                "http://0x7f.1/%2e%2e/"):  # fmt: skip
        yield url.encode()


_KEYS = (
    "BagIt-Profile-Info Bag-Info Manifests-Required Manifests-Allowed Tag-Files-Allowed Payload-Files-Required "
    "Payload-Files-Allowed Allow-Fetch.txt Fetch.txt-Required Data-Empty Serialization Accept-Serialization "
    "Accept-BagIt-Version BagIt-Profile-Version required values repeatable true 1.0 optional data/*"
)
_SIGNS = "true false null NaN 1e999 [ ] { } : , \\ud800 \\u0000"
_JSON_WORDS = (*(f'"{word}"'.encode() for word in _KEYS.split()), *(sign.encode() for sign in _SIGNS.split()))
_TOML_WORDS = (b"[serial]", b"[numbering]", b"[masthead]", b"[[masthead.forms]]", b"[articles]", b"[articles.roles]",
               b"lines = [", b"'(?P<title>x)'", b"(?P<year>", b"\"\"\"", b"'''", b"=", b"1979-05-27T07:32:00Z", b"inf",
               b"{", b"}", b"(?i)", b"{99999999999}", b"[fixity]", b"[package]", b"accepted")  # fmt: skip

register(Target("escape", escaped, _escape_seeds, (b"\xe2\x80\xae", b"\xc2\x85", b"\x1b[", b"\xed\xa0\x80"), 512))
register(Target("portable-names", renamed, _name_seeds, (b"/", b"\n", b".txt", b"CON", b"000", b"\xcc\x81"), 512))
register(Target("bag-profile", bag_profile, _profile_seeds, _JSON_WORDS, 4096))
register(Target("serial-profile", serial_profile, _serial_seeds, _TOML_WORDS, 8192))
register(Target("package-profile", package_profile, _package_seeds, (*_TOML_WORDS, b"sha512"), 2048))
register(
    Target("address", address, _address_seeds, (b"http://", b"https://", b"@", b"[", b"]", b"%", b":", b"xn--"), 512)
)
