"""Tag files of bags: the declaration, lines, manifests, bag-info.txt, fetch.txt, and percent-encoding."""

from __future__ import annotations

import codecs
import os.path
import re
from collections.abc import Hashable, Iterable, Iterator

from archiver.model.bag import BagProblem, InfoTag, Manifest
from archiver.model.values import PackagePath
from archiver.packages.bag import encoding
from archiver.packages.bag.infofile import InfoFile
from archiver.packages.bag.lines import LONGEST_LINE, Problems, TagText, text_codec
from archiver.packages.bag.manifests import ManifestReader
from archiver.packages.bag.tagfiles import read_declaration, read_info
from archiver.packages.bag.writer import one_line
from fuzz.target import CUT, Target, joined, kinds, parts, pieces, register, size_class, told

ENCODINGS = (
    b"UTF-8", b"US-ASCII", b"ISO-8859-1", b"ISO-8859-15", b"windows-1252", b"UTF-16", b"UTF-16LE", b"UTF-16BE",
    b"UTF-32", b"UTF-32LE", b"UTF-7", b"GB18030", b"GBK", b"GB2312", b"HZ-GB-2312", b"Big5", b"Big5-HKSCS",
    b"Shift_JIS", b"EUC-JP", b"ISO-2022-JP", b"ISO-2022-KR", b"EUC-KR", b"Johab", b"KOI8-R", b"IBM037", b"IBM437",
    b"IBM500", b"TIS-620", b"MacRoman", b"PTCP154", b"cp1006", b"utf-8-sig", b"idna", b"rot13", b"unicode_escape",
)  # fmt: skip
# In these, what an undecodable byte is read as does not depend on how the file was cut into pieces. In the others
# (UTF-16 after a lost byte order mark, ISO-2022 in the middle of a shift) only this is promised: lines, and no crash.
STATELESS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "koi8-r", "cp437", "cp037", "cp500", "tis-620", "mac-roman"}
)
_MD5 = b"d41d8cd98f00b204e9800998ecf8427e"
_LINE_END = re.compile(r"\r\n|\n|\r")


def _codec(name: bytes) -> str:
    return text_codec(name.decode("ascii", "replace").strip()) or "utf-8"


def declaration(data: bytes) -> Iterable[Hashable]:
    problems = Problems()
    version, encoding_name, codec = read_declaration(data, problems)
    assert version == "" or re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}", version), version
    assert not re.search(r"[ \t\r\n]", encoding_name), encoding_name
    codecs.getincrementaldecoder(codec)("strict").decode(b"", True)
    if not any(each.kind in {BagProblem.DECLARATION_FORM, BagProblem.ENCODING} for each in problems.all()):
        pattern = rb"BagIt-Version: [0-9]+\.[0-9]+(\r\n|\r|\n)Tag-File-Character-Encoding: [^ \t\r\n]+(\r\n|\r|\n)?"
        assert re.fullmatch(pattern, data.removeprefix(codecs.BOM_UTF8)), data
        list(TagText([data], codec, "x", Problems()))
    return {*kinds(problems), codec, bool(version)}


def lines(data: bytes) -> Iterable[Hashable]:
    name, content = parts(data, 2)
    codec = _codec(name)
    whole, piecewise = Problems(), Problems()
    found = list(TagText([content], codec, "x", whole))
    numbers = [number for number, _line in found]
    assert numbers == sorted(set(numbers))
    assert all(number >= 1 for number in numbers)
    assert not any("\n" in line or "\r" in line or len(line) > LONGEST_LINE for _number, line in found)
    again = list(TagText(pieces(content), codec, "x", piecewise))
    damaged = BagProblem.ENCODING in kinds(whole) | kinds(piecewise)
    if codec in STATELESS or not damaged:
        assert found == again, (codec, found, again)
        assert told(whole) == told(piecewise), (codec, told(whole), told(piecewise))
    if not damaged:
        text = _strictly(content, codec)
        if text is not None:
            expected = _LINE_END.split(text.removeprefix("\ufeff"))
            assert [line for _number, line in found] == (expected if expected[-1] else expected[:-1]), codec
    return {codec, *kinds(whole), size_class(len(found))}


def _strictly(content: bytes, codec: str) -> str | None:
    """The text by the codec itself, all at once; None for what only the reader is lenient with."""
    try:
        marks = {"utf-16": (b"\xff\xfe", b"\xfe\xff"), "utf-32": (b"\xff\xfe\0\0", b"\0\0\xfe\xff")}
        if codec in marks and not content.startswith(marks[codec]):
            codec += "-be"  # RFC 2781 and Unicode: without a byte order mark, the first byte is the greater
        return content.decode(codec)
    except UnicodeError:
        return None


class _LineByLine(ManifestReader):
    """A reader without the shortcut for plain lines: it must find the same."""

    def _take_plain(self, *_words: object) -> bool:
        return False


def _manifest(data: bytes, *, tags: bool) -> Iterable[Hashable]:
    name, codec_name, on_disk, content = parts(data, 4)
    codec = _codec(codec_name)
    names = [line for line in on_disk.decode("utf-8", "surrogateescape").split("\n") if line]
    file_name = ("tag" if tags else "") + f"manifest-{name.decode('ascii', 'replace')[:20]}.txt"

    def read(kind: type[ManifestReader], given: Iterable[bytes]) -> tuple[Manifest, Problems]:
        problems = Problems()
        reader = kind({known: known for known in names}, problems)
        return reader.read(file_name, TagText(given, codec, file_name, problems), tags=tags), problems

    found, problems = read(ManifestReader, [content])
    slowly, slow_problems = read(_LineByLine, [content])
    assert list(found.entries.items()) == list(slowly.entries.items())
    assert told(problems) == told(slow_problems)
    piecewise, piece_problems = read(ManifestReader, pieces(content))
    if codec in STATELESS or BagProblem.ENCODING not in kinds(problems) | kinds(piece_problems):
        assert list(found.entries.items()) == list(piecewise.entries.items())
        assert told(problems) == told(piece_problems)
    for path, (digest, line) in found.entries.items():
        stays_inside(path)
        assert tags or path.startswith("data/"), path
        assert line >= 1
        width = found.algorithm.hex_length if found.algorithm else 0
        assert digest == "" or re.fullmatch(rf"[0-9a-f]{{{width}}}", digest), digest
        reads_back(path, tags=tags)
    assert [(path, line) for path, line, _digest in found.entries.stated()] == [
        (path, line) for path, (_digest, line) in found.entries.items()
    ]
    return {*kinds(problems), codec, found.algorithm, size_class(len(found.entries))}


def payload_manifest(data: bytes) -> Iterable[Hashable]:
    return _manifest(data, tags=False)


def tag_manifest(data: bytes) -> Iterable[Hashable]:
    return _manifest(data, tags=True)


def stays_inside(path: str) -> None:
    """No path that a reader accepts leaves the bag, or is none that a file can have."""
    PackagePath(path)
    assert os.path.normpath(f"/bag/{path}") == f"/bag/{path}", path
    assert not path.startswith("~")
    assert len(path.encode("utf-8", "surrogatepass")) <= encoding.LONGEST_PATH


def reads_back(path: str, *, tags: bool) -> None:
    """A file of this name, in a manifest that we write, is that file again."""
    written = encoding.encode(path)
    try:
        on_disk = path.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeError:
        return
    if path != on_disk or path[0] in " \t" or path.startswith("data/") is tags:
        return  # no file is called so; or RFC 8493 has no way to write it; or it is a fault of its own
    problems = Problems()
    reader = ManifestReader({path: path}, problems)
    line = _MD5.decode() + "  " + written + "\n"
    text = TagText([line.encode("utf-8", "surrogateescape")], "utf-8", "manifest-md5.txt", problems)
    manifest = reader.read("manifest-md5.txt", text, tags=tags)
    assert list(manifest.entries) == [path], (path, list(manifest.entries))


def info(data: bytes) -> Iterable[Hashable]:
    codec_name, content = parts(data, 2)
    codec = _codec(codec_name)
    problems, piece_problems = Problems(), Problems()
    found = read_info("bag-info.txt", TagText([content], codec, "bag-info.txt", problems), problems)
    again = read_info("bag-info.txt", TagText(pieces(content), codec, "bag-info.txt", piece_problems), piece_problems)
    if codec in STATELESS or BagProblem.ENCODING not in kinds(problems) | kinds(piece_problems):
        assert found == again
        assert told(problems) == told(piece_problems)
    before = 0
    for tag in found:
        assert tag.label, tag
        assert tag.label == tag.label.strip(), tag
        assert ":" not in tag.label, tag
        assert "\r" not in tag.value, tag
        assert tag.line > before
        before = tag.line
    if codec == "utf-8" and BagProblem.ENCODING not in kinds(problems):
        _edited(content.decode("utf-8"))
    return {*kinds(problems), codec, size_class(len(found)), any("\n" in tag.value for tag in found)}


def _edited(text: str) -> None:
    """bag-info.txt changed in its elements alone: what was not changed stays to the byte, and what was is read so."""
    file = InfoFile(text)
    assert file.text() == text
    values = {tag.label for tag in _tags(text)}
    for label in sorted(values)[:2]:
        changed = InfoFile(text)
        if label != one_line(label):
            continue
        changed.set(label, "one value")
        assert changed.values(label) == ["one value"]
        assert [tag.value for tag in _tags(changed.text()) if tag.label.lower() == label.lower()] == ["one value"]
        others = [(tag.label, tag.value) for tag in _tags(text) if tag.label.lower() != label.lower()]
        kept = [(tag.label, tag.value) for tag in _tags(changed.text()) if tag.label.lower() != label.lower()]
        assert kept == others, (label, kept, others)
    added = InfoFile(text)
    added.add("Added-Label", "a value")
    once = added.text()
    added.add("Added-Label", "a value")
    assert added.text() == once
    assert _tags(once)[-1].label == "Added-Label" or "Added-Label" in values
    spaced = InfoFile(text)
    spaced.respace()
    problems = Problems()
    after = read_info("x", TagText([spaced.text().encode("utf-8")], "utf-8", "x", problems), problems)
    assert [(tag.label, tag.value) for tag in after] == [(tag.label, tag.value) for tag in _tags(text)]


def _tags(text: str) -> tuple[InfoTag, ...]:
    problems = Problems()
    return read_info("x", TagText([text.encode("utf-8")], "utf-8", "x", problems), problems)


def fetch(data: bytes) -> Iterable[Hashable]:
    codec_name, content = parts(data, 2)
    codec = _codec(codec_name)
    results = []
    for given in ([content], pieces(content)):
        problems = Problems()
        entries = ManifestReader({}, problems).fetch(TagText(given, codec, "fetch.txt", problems))
        results.append((entries, problems))
    (found, problems), (again, piece_problems) = results
    if codec in STATELESS or BagProblem.ENCODING not in kinds(problems) | kinds(piece_problems):
        assert found == again
        assert told(problems) == told(piece_problems)
    for entry in found:
        stays_inside(entry.path)
        assert entry.path.startswith("data/")
        assert entry.size is None or 0 <= entry.size < 10**19
        assert not re.search(r"[ \t\r\n]", entry.url)
        assert entry.url
    return {*kinds(problems), codec, size_class(len(found))}


def percent(data: bytes) -> Iterable[Hashable]:
    path = data.decode("utf-8", "surrogateescape")
    written = encoding.encode(path)
    assert "\n" not in written
    assert "\r" not in written
    assert encoding.decode(written) == path
    assert encoding.readings(written)[0] == path
    assert not encoding.has_literal_percent(written)
    older = encoding.encode_older(path)
    assert path in encoding.readings(older) or "%0" in path
    if "%" not in path:
        assert encoding.decode(older) == path
    escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    assert encoding.unescape(escaped) == path
    outside, unusable = encoding.outside(path), encoding.unusable(path)
    if not outside and not unusable:
        stays_inside(path)
    return {outside, bool(unusable), "%" in path, len(encoding.readings(path))}


def _declarations() -> Iterator[bytes]:
    for name in ENCODINGS:
        yield b"BagIt-Version: 1.0\nTag-File-Character-Encoding: " + name + b"\n"
    yield b"\xef\xbb\xbfBagIt-Version: 0.97\r\nTag-File-Character-Encoding: UTF-8\r\n"
    yield b"bagit-version : 0.93\rtag-file-character-encoding :UTF-8"


_TEXTS = ("甲,乙\n", "a\r\nb\rc\n", "é\n\n", "\ufeffmark\n", "no end", "x" * 40 + "\n", "\r\n\r")


def _in_encodings(text: str) -> Iterator[tuple[bytes, bytes]]:
    for name in ENCODINGS:
        try:
            yield name, text.encode(_codec(name))
        except UnicodeError:
            yield name, text.encode("utf-8")


def _line_seeds() -> Iterator[bytes]:
    for text in _TEXTS:
        yield from (joined(name, content) for name, content in _in_encodings(text))


_PATHS = (
    "data/a.txt", "data/b/c d.txt", "data/100%25.txt", "data/a%0Ab", "data/%zz", "data/../x", "/etc/passwd", "~/x",
    "data/甲.txt", "*data/a.txt", "./data/a.txt", "data//x", "data/x/", "data/\\..\\x", "C:\\x", "bagit.txt", "",
    "data/" + "n" * 70,
)  # fmt: skip


def _manifest_seeds() -> Iterator[bytes]:
    for algorithm, width in ((b"md5", 32), (b"sha256", 64), (b"sha512", 128), (b"sha-1", 40), (b"whirlpool", 10)):
        digest = (_MD5.decode() * 4)[:width]
        rows = "".join(f"{digest}  {path}\n" for path in _PATHS)
        yield joined(algorithm, b"UTF-8", b"data/a.txt\ndata/%zz\n./data/a.txt", rows.encode())
        plain = "".join(f"{digest}  data/{number}\n" for number in range(9))
        yield joined(algorithm, b"UTF-8", b"", plain.encode())
        yield joined(algorithm, b"UTF-8", b"", (plain.upper() + "\\" + plain + plain.replace("  ", "\t*")).encode())
    for name, content in _in_encodings(f"{_MD5.decode()}  data/甲.txt\r\n{_MD5.decode()} *data/é\r\n"):
        yield joined(b"md5", name, "data/甲.txt".encode(), content)


def _info_seeds() -> Iterator[bytes]:
    text = (
        "Source-Organization: The library\nContact-Name : A\n B\n\tC\nPayload-Oxum: 12.3\n\nBag-Size:12 B\n"
        "no colon\n: no label\nBag-Size:  12 B\n continued\n"
    )
    for name, content in _in_encodings(text):
        yield joined(name, content)
    yield joined(b"UTF-8", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    yield joined(b"UTF-8", text.replace("\n", "\r").encode())


def _fetch_seeds() -> Iterator[bytes]:
    rows = "".join(
        f"{url} {size} {path}\n"
        for url in ("https://a.example/x", "file:///etc/passwd")
        for size in ("-", "12", "99999999999999999999", "x")
        for path in _PATHS[:12]
    )
    for name, content in _in_encodings(rows[:900]):
        yield joined(name, content)
    yield joined(b"UTF-8", rows.encode())


def _percent_seeds() -> Iterator[bytes]:
    yield from (path.encode() for path in _PATHS)
    yield b"a\nb\rc%d%25%0a%0D\\n\\\\"
    yield b"data/\xff\xfe/\x00"


_COMMON = (CUT, b"data/", b"../", b"./", b"*", b"%0A", b"%0d", b"%25", b"\\", b"\r\n", b"\r", b"\t", b"  ", b"\x00",
           b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"+AGE-", b"\x1b$B", b"\x1b(B", b"~{", b"\x81", b"\xc2\x85",
           b"\xe2\x80\xa8", b"\x0b", b"\x1c", b"\xed\xa0\x80", _MD5)  # fmt: skip

register(
    Target(
        "declaration",
        declaration,
        _declarations,
        (*ENCODINGS, *_COMMON, b"BagIt-Version: ", b"Tag-File-Character-Encoding: "),
        512,
    )
)
register(Target("lines", lines, _line_seeds, (*ENCODINGS, *_COMMON), 1024))
register(Target("manifest", payload_manifest, _manifest_seeds, (*ENCODINGS, *_COMMON), 3072))
register(Target("tag-manifest", tag_manifest, _manifest_seeds, (*ENCODINGS, *_COMMON), 3072))
register(Target("bag-info", info, _info_seeds, (*ENCODINGS, *_COMMON, b": ", b" :", b"Bag-Size"), 2048))
register(Target("fetch", fetch, _fetch_seeds, (*ENCODINGS, *_COMMON, b"https://", b" - "), 2048))
register(Target("percent", percent, _percent_seeds, _COMMON, 512))
