"""Transcripts: Markdown or plain text, one file an issue, in UTF-8, UTF-16, GB18030 or another named encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import replace

from archiver.listing import read_content
from archiver.model.gathered import FileKind, IssuePlan, SortedFile
from archiver.model.package import SourceFile
from archiver.model.transcript import Line, SourceIssue, TextFault, TextTrouble, Transcript

LARGEST = 64 * 1024 * 1024  # bytes of a transcript
LONGEST_LINE = 1024 * 1024  # characters of a line
MOST_LINES = 250_000  # lines of a transcript; a newspaper of 100 pages has some 20,000
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TEXTS = (FileKind.TEXT, FileKind.DOCUMENT, FileKind.PDF)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # no XML document can hold them
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_FOLDED = re.compile(r"(?<=[\u4e00-\u9fff])[,();:!?](?=[\u4e00-\u9fff]|$)")


class TranscriptReader:
    """Takes every text of a deposit for an issue: transcripts; without any, documents; without any, PDF files."""

    form = "transcript"
    order = 90  # after the readers that know pages

    def plans(self, files: Sequence[SortedFile]) -> tuple[list[IssuePlan], list[SortedFile]] | None:
        """An issue per text, in order of names, and the files that belong to none; None without any text.

        With one text, all other files are its companions. With several, a file of the same name but for its suffix is
        the companion of that text.
        """
        texts = next((found for kind in _TEXTS if (found := [each for each in files if each.kind is kind])), [])
        texts = texts or (list(files) if len(files) == 1 else [])
        if not texts:
            return None
        others = [each for each in files if each not in texts]
        if len(texts) == 1:
            return [self._plan(texts[0], others)], []
        by_stem = {each.name.rpartition(".")[0] or each.name: each for each in texts}
        own: dict[str, list[SortedFile]] = {each.name: [] for each in texts}
        rest = []
        for other in others:
            text = by_stem.get(other.name.rpartition(".")[0])
            if text is None:
                rest.append(other)
            else:
                own[text.name].append(other)
        return [self._plan(text, own[text.name]) for text in texts], rest

    def _plan(self, text: SortedFile, companions: Sequence[SortedFile]) -> IssuePlan:
        return IssuePlan(self.form, str(text.file.path), (text, *companions), words=text)

    def read(self, plan: IssuePlan) -> SourceIssue:
        """Read the text of one issue."""
        assert plan.words is not None  # _plan names it
        return read_text(plan.words, [each for each in plan.files if each is not plan.words])


READER = TranscriptReader()


def read_text(text: SortedFile, companions: Sequence[SortedFile]) -> SourceIssue:
    """The issue that one text is: a transcript as it stands, or what a PDF or another document says."""
    from archiver.sources import documents

    files = tuple(each.file for each in companions)
    if text.kind is FileKind.PDF:
        return documents.read_pdf(text, files)
    if text.kind is FileKind.DOCUMENT:
        return documents.read_document(text, files)
    return SourceIssue(read_transcript(text.file), files, materials=documents.other_materials(companions))


def read_transcript(file: SourceFile) -> Transcript:
    """Read and decode one file, in one read. What is wrong with its bytes becomes faults; I/O errors are raised."""
    if file.stamp.size > LARGEST:
        fault = TextFault(TextTrouble.TOO_LARGE, f"{file.stamp.size} bytes; a transcript may have {LARGEST}")
        return Transcript(file, (), "", "", (fault,))
    content = read_content(file, LARGEST)
    file = replace(file, content=content)
    if not content:
        return Transcript(file, (), "", "", (TextFault(TextTrouble.EMPTY, "0 bytes"),))
    encoding, basis, mark, trouble = _encoding(content)
    if trouble is not None:
        return Transcript(file, (), encoding, basis, (trouble,))
    try:
        text = content[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        return Transcript(file, (), encoding, basis, (_undecodable(content, mark + error.start, encoding),))
    unusable = _unusable(text, content)
    if unusable is not None:
        return Transcript(file, (), encoding, basis, (unusable,))
    lines, faults = _lines(text, encoding, mark)
    if text.encode(encoding) != content[mark:]:
        # Places in METS are bytes of the deposited file: they are told from the text only if it encodes back the same.
        faults.append(TextFault(TextTrouble.UNDECODABLE, f"{encoding} does not give back the same bytes"))
    if faults:
        return Transcript(file, (), encoding, basis, tuple(faults))
    folded = sum(len(_FOLDED.findall(line.text)) for line in lines)
    return Transcript(file, lines, encoding, basis, folded_punctuation=folded)


def _unusable(text: str, content: bytes) -> TextFault | None:
    """Why a decoded text is none: nothing in it but space, or more lines than an issue has."""
    if not text.strip():
        return TextFault(TextTrouble.EMPTY, f"{len(content)} bytes, no text")
    count = text.count("\n") + text.count("\r") - text.count("\r\n") + 1
    if count > MOST_LINES:
        return TextFault(TextTrouble.TOO_LARGE, f"{count} lines; a transcript may have {MOST_LINES}")
    return None


def _encoding(content: bytes) -> tuple[str, str, int, TextFault | None]:
    """The codec, what it was told from, the length of the byte order mark, or why it cannot be told."""
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return name, "byte order mark", len(mark), None
    unmarked = _unmarked_utf16(content)
    if unmarked is not None:
        return unmarked, "line ends of two bytes", 0, None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        first_bad = error.start
    else:
        return "utf-8", "valid UTF-8", 0, _binary(content) if "\0" in text else None
    if _mostly_utf8(content):
        return "utf-8", "nearly all of it is UTF-8", 0, _undecodable(content, first_bad, "UTF-8")
    if _looks_binary(content):
        return "", "", 0, _binary(content)
    detected = _detect(content)
    if detected is None:
        return "", "", 0, _undecodable(content, first_bad, "UTF-8, and no other encoding fits")
    return detected, "detected by content (charset-normalizer)", 0, None


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by its line ends; None when the bytes are anything else."""
    if b"\0" not in content or len(content) % 2 or _is_utf8_with_nuls(content):
        return None
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\n" in text and "\u0a00" not in text and not _CONTROL.search(text.replace("\r\n", "\n")):
            return name
    return None


def _is_utf8_with_nuls(content: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few NULs. In UTF-16, every second byte of what would be ASCII is a NUL."""
    try:
        content.replace(b"\0", b"").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return content.count(0) * 3 < len(content)


def _detect(content: bytes) -> str | None:
    """The codec that charset-normalizer and the letters of languages tell; None when nothing fits."""
    from archiver.documents.detecting import detect

    name = detect(content, content)
    return codecs.lookup(name).name if name else None


def _mostly_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few: reading them by another codec would make nonsense of all the rest."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good > 2 * bad


def _looks_binary(content: bytes) -> bool:
    sample = content[:65536]
    controls = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in sample)
    nuls = sample.count(0)
    wide = nuls and (sample[::2].count(0) > len(sample) // 4 or sample[1::2].count(0) > len(sample) // 4)
    return controls - nuls > len(sample) // 100 or bool(nuls and not wide)


def _binary(content: bytes) -> TextFault:
    found = _NO_TEXT.search(content)
    at = found.start() if found else 0
    return TextFault(TextTrouble.BINARY, f"byte {at} is 0x{content[at]:02X}, which no text has")


def _undecodable(content: bytes, at: int, encoding: str) -> TextFault:
    line = content.count(b"\n", 0, at) + 1
    return TextFault(TextTrouble.UNDECODABLE, f"byte {at} (0x{content[at]:02X}) is not {encoding}", line)


def _lines(text: str, encoding: str, offset: int) -> tuple[tuple[Line, ...], list[TextFault]]:
    """Lines ended by LF, CRLF or CR alone, with the bytes each covers."""
    lines: list[Line] = []
    faults: list[TextFault] = []
    begin = offset
    pieces = re.split(r"(\r\n|\n|\r)", text)
    for number, index in enumerate(range(0, len(pieces), 2), 1):
        piece, ending = pieces[index], pieces[index + 1] if index + 1 < len(pieces) else ""
        end = begin + len(piece.encode(encoding))
        if len(piece) > LONGEST_LINE:
            faults.append(TextFault(TextTrouble.LINE_TOO_LONG, f"{len(piece)} characters", number))
        control = _CONTROL.search(piece.strip("\f \t"))  # a form feed between lines parts pages, and is left out
        if control:
            faults.append(TextFault(TextTrouble.CONTROL_CHARACTER, f"U+{ord(control.group()):04X}", number))
        lines.append(Line(number, piece, begin, end))
        begin = end + len(ending.encode(encoding))
    return tuple(lines), faults
