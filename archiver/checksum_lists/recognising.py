"""Whether a file is a checksum list, by its name and its first bytes."""

from __future__ import annotations

import re

from archiver.checksum_lists import hashdeep, lines, tables, windows
from archiver.checksum_lists.decoding import decode
from archiver.model.checksum_list import ListForm

HEAD = 64 * 1024  # bytes that are looked at
_MANIFEST = re.compile(r"(?:tag)?manifest-[a-z0-9]+\.txt")
# Extensions that mean a checksum list; the algorithm's own is told by its name.
_EXTENSION = re.compile(
    r"(?i)\.(?:md5|md5sums?|sha|sha-?(?:1|224|256|384|512)|sha(?:1|224|256|384|512)sums?|sha3-?(?:224|256|384|512)|sm3|b2|b2sums?"
    r"|blake2[bs]?|b3|blake3|rmd160|hash|hashes|checksums?|sfv|crc|crc32|hashdeep|digests?)(?:\.txt)?"
)
_CALLED = re.compile(
    r"(?i)(?:check|md5|sha-?\d+|sha3-?\d+|sm3|b2|blake2[bs]?|hash)[-_. ]?(?:sums?|list|deep|values?|es)?s?"
    r"(?:[-_. ]?(?:md5|sha-?\d+|sm3|blake2b|b2))?(?:\.(?:txt|csv|tsv|list))?"
)
_CHINESE = re.compile(r"校验(?:值|码|和|文件|清单|列表)|哈希(?:值|清单|列表)|校驗(?:值|碼|和)|雜湊值")
# What a list that is not called one has near its beginning: a digest, spaced or in UTF-16 too, or hashdeep's mark.
_BEGINNING = 4096  # bytes
_TELLING = re.compile(
    rb"%%%% HASHDEEP|[0-9A-Fa-f]{32}|(?:[0-9A-Fa-f]\0){32}|(?:\0[0-9A-Fa-f]){32}|(?:[0-9A-Fa-f]{2} ){15}"
)
_WORDS_OF_SFV = re.compile(r"(?i)\.(?:sfv|crc|crc32)(?:\.txt)?$")


def extension_of(name: str) -> str:
    """The extension by which a name says that it is a checksum list (".md5", ".sha256.txt"), or ""."""
    base = name.rsplit("/", 1)[-1]
    found = re.search(rf"{_EXTENSION.pattern}$", base)
    return found[0] if found and found.start() > 0 else ""


def is_called_list(name: str) -> bool:
    """Whether a file's name alone says that it is a checksum list: MD5SUMS, checksums.csv, 0001.tif.md5, 校验值.txt."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    if _EXTENSION.search(base) and extension_of(base):
        return True
    return bool(_MANIFEST.fullmatch(base) or _CALLED.fullmatch(base) or _CHINESE.search(base))


def recognise(name: str, head: bytes) -> ListForm | None:
    """The form of a checksum list, or None when the file is none.

    `name` is its path, `head` its first bytes (64 KiB are looked at). A file whose name says that it is a list is one,
    whatever it holds: a list that cannot be read must be reported, not passed over. Any other file is one when at least
    half of its lines, the first of them included, state a digest.
    """
    called = is_called_list(name)
    if not called and not _TELLING.search(head[:_BEGINNING]):
        return None
    text = decode(_whole_lines(head)).text
    return form_of(name, text) if called or _states_digests(name, text) else None


def form_of(name: str, text: str) -> ListForm:
    """The form of a list by its text; that of md5sum when nothing tells."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    if _MANIFEST.fullmatch(base):
        return ListForm.BAG_MANIFEST
    if _WORDS_OF_SFV.search(base):
        return ListForm.SFV
    content = [line for line in text[:HEAD].splitlines() if line.strip()]
    first = content[0] if content else ""
    if hashdeep.HEAD.match(first) or hashdeep.ROW.fullmatch(first):
        return ListForm.HASHDEEP
    if windows.LIST_HEAD.search(text[:HEAD]) or any(windows.TABLE_HEAD.fullmatch(line) for line in content[:5]):
        return ListForm.FILE_HASH
    if any(windows.CERTUTIL_HEAD.fullmatch(line.rstrip()) for line in content[:5]):
        return ListForm.CERTUTIL
    if "\0" in text[:HEAD]:
        return ListForm.NUL
    plain = next((line for line in content if not line.lstrip().startswith(lines.COMMENTS)), "")
    if lines.BSD.fullmatch(plain):
        return ListForm.BSD
    if not _is_line(plain) and tables.layout(text) is not None:
        return ListForm.TABLE
    return ListForm.LINES


def _is_line(line: str) -> bool:
    if re.match(r"[0-9A-Fa-f]{32,128}\t[^\t]+\t", line):  # a table whose first column is the digest
        return False
    return bool(lines.FIRST.fullmatch(line) or lines.ALONE.fullmatch(line) or _is_trailing(line))


def _is_trailing(line: str) -> bool:
    found = lines.digests_last(line)
    return found is not None and found[0][-1:] not in tables.DELIMITERS + ":" and "\t" not in line


def _states_digests(name: str, text: str) -> bool:
    """Whether a file that is not called a list is one all the same."""
    form = form_of(name, text)
    if form in {ListForm.HASHDEEP, ListForm.FILE_HASH, ListForm.CERTUTIL}:
        return True
    if form is ListForm.TABLE:
        return _is_table(text)
    pieces = text.split("\0") if form is ListForm.NUL else text.splitlines()
    content = [line for line in pieces if line.strip() and not line.lstrip().startswith(lines.COMMENTS)]
    stating = [bool(lines.BSD.fullmatch(line) or _is_line(line)) for line in content]
    return bool(stating) and stating[0] and sum(stating) * 2 >= len(stating)


def _is_table(text: str) -> bool:
    found = tables.layout(text)
    if found is None:
        return False
    delimiter, first, columns, headed = found
    content = [
        cells
        for line, cells in tables.rows(text, delimiter)
        if line >= first + headed and not isinstance(cells, str) and any(cell.strip() for cell in cells)
    ]
    stating = sum(tables.is_row(cells, columns) for cells in content)
    return bool(content) and stating * 2 >= len(content)


def _whole_lines(head: bytes) -> bytes:
    """The head without a last line that it cuts off in the middle of a letter."""
    if len(head) < HEAD:
        return head
    head = head[:HEAD]
    at = head.rfind(b"\n")
    if at < 0:
        return head
    wide = head[at + 1 : at + 2] == b"\0" and head[:2] != b"\xfe\xff"
    return head[: at + 2] if wide else head[: at + 1]
