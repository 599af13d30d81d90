"""The structure of a PDF by pikepdf: encryption, metadata, page tree, what lies hidden, damage. Runs in the worker."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pikepdf

from archiver.model.pdf import PdfEncryption, PdfSecurity, PdfTrouble
from archiver.pdfs import contents, fonts, tree
from archiver.pdfs.syntax import Thing, get, info_of, items, kind, name, path, text
from archiver.pdfs.xmp import read_packet

if TYPE_CHECKING:
    from archiver.model.pdf import PdfLimits
    from archiver.pdfs.worker import Voice

LONGEST_PACKET = 4 << 20  # bytes of XMP, as stored
KEPT = 5  # warnings that are told one by one
_DENIED = (
    ("print_lowres", "printing"),
    ("extract", "taking out text and images"),
    ("accessibility", "reading aloud"),
    ("modify_other", "changes"),
    ("modify_annotation", "notes"),
    ("modify_form", "filling in forms"),
    ("modify_assembly", "adding and removing pages"),
)
_SOURCE = re.compile(r"^(stream )?<[^>]*>[:,]?\s*")
_UNDECODED = "error decoding stream data"  # what qpdf warns of; what else it mends in writing was read already


class _Sink(io.RawIOBase):
    """What is written here is gone."""

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        return len(piece)


def tell(file: io.FileIO, limits: PdfLimits, voice: Voice) -> bool:
    """Say what the structure is; whether it is sound enough for its pages to be read."""
    voice.say("reader", f"qpdf {pikepdf.__libqpdf_version__}")
    try:
        pdf = pikepdf.open(file, inherit_page_attributes=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        voice.say("security", PdfSecurity(PdfEncryption.USER))
        voice.fault(PdfTrouble.ENCRYPTED, "it cannot be opened without a password")
        return False
    except pikepdf.PikepdfError as error:
        _refused(error, voice)
        return False
    with pdf:
        _security(pdf, voice)
        if len(pdf.objects) > limits.objects:
            words = f"it has {len(pdf.objects)} objects; the limit is {limits.objects}"
            voice.fault(PdfTrouble.OVERSIZE, words)
            return False
        _metadata(pdf, voice)
        sound = _pages(pdf, limits, voice)
        _contents(pdf, limits, voice)
        _warnings(pdf, PdfTrouble.REPAIRED, voice)
    return sound


def tell_whole(file: io.FileIO, voice: Voice) -> None:
    """Decode every stream that can be decoded without a decoder for images, and say what cannot."""
    file.seek(0)
    with pikepdf.open(file, inherit_page_attributes=False, suppress_warnings=True) as pdf:
        pdf.get_warnings()
        try:
            pdf.save(
                cast("BinaryIO", _Sink()),
                static_id=True,
                fix_metadata_version=False,
                compress_streams=False,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            )
        except (pikepdf.PikepdfError, RuntimeError, ValueError) as error:
            voice.fault(PdfTrouble.CONTENT, _words(error))
        _warnings(pdf, PdfTrouble.CONTENT, voice, _UNDECODED)


def _refused(error: Exception, voice: Voice) -> None:
    words = _words(error)
    if "encrypt" in words.lower() or "security handler" in words.lower():
        voice.say("security", PdfSecurity(PdfEncryption.OTHER))
        voice.fault(PdfTrouble.ENCRYPTED, f"it is encrypted by a method that is not known: {words}")
    else:
        voice.fault(PdfTrouble.DAMAGED, words)


def _words(error: Exception) -> str:
    """What a library says of the file, in one line and without the name that it has for it."""
    return _SOURCE.sub("", " ".join(str(error).split()))[:300] or type(error).__name__


def _warnings(pdf: Any, trouble: PdfTrouble, voice: Voice, wanted: str = "") -> None:
    words = [_words(warning) for warning in pdf.get_warnings() if wanted in str(warning)]
    for warning in words[:KEPT]:
        voice.fault(trouble, warning)
    if len(words) > KEPT:
        voice.fault(trouble, f"and {len(words) - KEPT} more of this kind")


def _security(pdf: Any, voice: Voice) -> None:
    if not pdf.is_encrypted:
        return
    how = pdf.encryption
    rc4 = f"RC4, {how.bits} bits"
    methods = {"aes": "AES, 128 bits", "aesv3": "AES, 256 bits", "rc4": rc4, "none": rc4 if how.V < 4 else "none"}
    method = str(how.stream_method).rpartition(".")[2]
    denied = tuple(words for key, words in _DENIED if not getattr(pdf.allow, key))
    voice.say("security", PdfSecurity(PdfEncryption.OWNER, methods.get(method, method), denied))


def _metadata(pdf: Any, voice: Voice) -> None:
    root = pdf.Root
    voice.say("version", name(get(root, "/Version")))
    voice.say("info", info_of(get(pdf.trailer, "/Info")))
    voice.say("language", text(get(root, "/Lang")))
    voice.say("tagged", path(root, "/MarkInfo", "/Marked") is True)
    voice.say("intents", sum(1 for _ in items(get(root, "/OutputIntents"))))
    stream = get(root, "/Metadata")
    if kind(stream) != "stream":
        return
    try:
        if len(stream.read_raw_bytes()) > LONGEST_PACKET:
            voice.fault(PdfTrouble.METADATA, f"its XMP has more than {LONGEST_PACKET} bytes and was not read")
            return
        content = bytes(stream.read_bytes())
    except (pikepdf.PikepdfError, RuntimeError, ValueError) as error:
        voice.fault(PdfTrouble.METADATA, f"its XMP cannot be read: {_words(error)}")
        return
    packet = read_packet(content)
    if packet.trouble:
        voice.fault(PdfTrouble.METADATA, packet.trouble)
    voice.say("xmp", packet.metadata)
    voice.say("claims", (packet.pdfa, packet.pdfua))


def _pages(pdf: Any, limits: PdfLimits, voice: Voice) -> bool:
    """Say what the page tree holds; whether it can be gone through."""
    root: Thing = path(pdf.Root, "/Pages")
    if root is None:
        voice.fault(PdfTrouble.DAMAGED, "it has no page tree")
        return False
    found = tree.walk(root, limits)
    voice.say("units", tuple(leaf.user_unit for leaf in found.leaves))
    if found.ring:
        voice.fault(PdfTrouble.DAMAGED, found.ring)
    if found.beyond:
        voice.fault(PdfTrouble.OVERSIZE, found.beyond)
        return False
    if found.broken:
        voice.fault(PdfTrouble.REPAIRED, f"{found.broken} members of its page tree are no pages")
    if found.stated is not None and found.stated != len(found.leaves) and not found.ring:
        words = f"its page tree counts {found.stated} pages and holds {len(found.leaves)}"
        voice.fault(PdfTrouble.REPAIRED, words)
    if not found.leaves and not found.ring:
        voice.fault(PdfTrouble.DAMAGED, "it has no pages")
    voice.say("fonts", fonts.fonts_of(found.leaves))
    return bool(found.leaves) and not found.ring


def _contents(pdf: Any, limits: PdfLimits, voice: Voice) -> None:
    found = contents.look(pdf.objects, limits)
    voice.say("actions", tuple(f"{what} ({count})" for what, count in sorted(found.actions.items())))
    voice.say("media", tuple(f"{what} ({count})" for what, count in sorted(found.media.items())))
    attachments = sorted(found.attachments, key=lambda held: (held.name, held.size or 0, held.media_type))
    voice.say("attachments", tuple(attachments))
    voice.say("signatures", tuple(found.signatures))
    voice.say("form", (found.fields, found.has_xfa))
    if found.unread:
        voice.fault(PdfTrouble.REPAIRED, f"{found.unread} of its objects cannot be read")
    if found.beyond:
        voice.fault(PdfTrouble.OVERSIZE, found.beyond)
