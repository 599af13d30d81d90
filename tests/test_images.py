"""Images as found: read rightly when whole, told when cut, damaged, wrongly named or enormous."""

from __future__ import annotations

import os
import shutil
import struct
import sys
import zlib
from fractions import Fraction
from functools import cache
from pathlib import Path

import images as specimens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from images import HEIGHT, MAKERS, WIDTH, chunk, grey_tiff, png, tiff

from archiver.errors import ArchiverError, UnreadableInput
from archiver.imaging import examine
from archiver.imaging.jpeg import quality
from archiver.imaging.octets import Held
from archiver.model.imaging import (
    CaptureDevice,
    ColourSpace,
    Decoding,
    ImageFacts,
    ImageFormat,
    ImageLimits,
    ImageTrouble,
    ResolutionUnit,
)

GRAVE = {ImageTrouble.TRUNCATED, ImageTrouble.DAMAGED, ImageTrouble.OVERSIZE, ImageTrouble.UNRECOGNISED}
BRIEF = {"40x30": ("grey16.png", "bitmap.png")}
FORMS = {".tif": ImageFormat.TIFF, ".png": ImageFormat.PNG, ".jpg": ImageFormat.JPEG, ".jp2": ImageFormat.JP2,
         ".j2k": ImageFormat.J2K}  # fmt: skip


def troubles(facts: ImageFacts) -> set[ImageTrouble]:
    return {problem.trouble for problem in facts.problems}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("images")

    @cache
    def make(name: str) -> bytes:
        return specimens.made(name, folder / name)

    return make


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_whole_image_is_read_whole(name: str, made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made(name), name=name)
    assert facts.format is FORMS[Path(name).suffix]
    assert (facts.width, facts.height) == ((40, 30) if name in BRIEF["40x30"] else (WIDTH, HEIGHT))
    assert facts.decoding is (Decoding.NOT if name == "arithmetic.jpg" else Decoding.WHOLE), facts.decoding_note
    assert troubles(facts) <= {ImageTrouble.NO_RESOLUTION, ImageTrouble.UNUSUAL_COLOUR}
    assert facts.is_sound
    assert facts.frames == 1
    assert len(facts.bits) == facts.samples
    if facts.format is ImageFormat.JP2:
        assert facts.validity.startswith("jpylyzer ")


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_an_image_cut_anywhere_is_told(name: str, made) -> None:  # type: ignore[no-untyped-def]
    data = made(name)
    for kept in {0, 1, 7, 20, len(data) // 3, len(data) // 2, len(data) - 200, len(data) - 40}:
        if 0 <= kept < len(data):
            facts = examine(data[:kept])
            assert troubles(facts) & GRAVE, f"{kept} of {len(data)} bytes"
            assert not facts.is_sound


@pytest.mark.parametrize("name", ["colour.png", "interlaced.png", "bitmap.png"])
def test_every_flipped_bit_of_a_png_is_told(name: str, made) -> None:  # type: ignore[no-untyped-def]
    data = made(name)
    for place in range(0, len(data), max(1, len(data) // 150)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        assert troubles(examine(bytes(flipped))) & GRAVE, f"byte {place}"


@pytest.mark.parametrize("name", ["zip.tif", "zip-predictor.tif", "big.tif"])
def test_flipped_bits_in_deflated_strips_are_told(name: str, made) -> None:  # type: ignore[no-untyped-def]
    data = made(name)
    start = 200 if name != "big.tif" else 300
    for place in range(start, min(len(data), 3000), 97):
        flipped = bytearray(data)
        flipped[place] ^= 4
        assert ImageTrouble.DAMAGED in troubles(examine(bytes(flipped))), f"byte {place}"


def test_a_bad_code_in_fax_pixels_is_told_and_not_printed(made, capfd) -> None:  # type: ignore[no-untyped-def]
    data = bytearray(made("fax4.tif"))
    data[600] ^= 16
    facts = examine(bytes(data))
    (problem,) = facts.about(ImageTrouble.DAMAGED)
    assert "Bad code word" in problem.detail
    assert capfd.readouterr() == ("", "")


def test_what_others_write_meanwhile_is_passed_on(capfd) -> None:  # type: ignore[no-untyped-def]
    from archiver.imaging.libtiff import heard

    with heard() as said:
        os.write(2, b"Fax4Decode: Bad code word at line 9 of strip 0 (x 32).\nprogress\n")
    assert said == ["Bad code word at line 9 (x 32)"]
    assert capfd.readouterr() == ("", "progress\n")


def test_figures_of_tiff(made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made("lzw-tiles.tif"))
    assert (facts.bits, facts.samples, facts.colour) == ((8, 8, 8), 3, ColourSpace.RGB)
    assert facts.resolution is not None
    assert (facts.resolution.x, facts.resolution.unit) == (Fraction(300), ResolutionUnit.INCH)
    assert facts.compression is not None
    assert (facts.compression.scheme, facts.compression.is_lossless) == ("LZW", True)
    assert facts.tiling is not None
    assert (facts.tiling.width, facts.tiling.height) == (64, 48)
    assert facts.little_endian is True
    assert examine(made("motorola.tif")).little_endian is False
    assert examine(made("big.tif")).version == "BigTIFF"
    assert examine(made("jpeg-tiles.tif")).subsampling == (2, 2)
    assert examine(made("fax4.tif")).bits == (1,)


def test_figures_of_jpeg(made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made("baseline.jpg"))
    assert facts.compression is not None
    assert "about 85 of 100" in facts.compression.quality
    assert (facts.colour, facts.subsampling, facts.version) == (ColourSpace.YCBCR, (2, 2), "1.01")
    assert "progressive" in getattr(examine(made("progressive.jpg")).compression, "quality", "")
    assert examine(made("grey.jpg")).samples == 1


@pytest.mark.parametrize("wanted", [5, 25, 50, 75, 85, 90, 95, 100])
def test_the_quality_of_a_jpeg_is_estimated(wanted: int, tmp_path: Path) -> None:
    data = specimens.run("cjpeg", "-quality", str(wanted), "-grayscale", specimens.ppm(tmp_path))
    told = getattr(examine(data).compression, "quality", "")
    found = int(told.split("about ")[1].split(" ")[0])
    assert abs(found - wanted) <= 3


def test_figures_of_jpeg_2000(made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made("lossy.jp2"))
    assert facts.compression is not None
    assert (facts.compression.scheme, facts.compression.is_lossless) == ("JPEG 2000 Lossy", False)
    assert facts.tiling is not None
    assert (facts.tiling.layers, facts.tiling.levels, facts.tiling.width) == (2, 5, WIDTH)
    assert facts.colour is ColourSpace.SRGB
    assert getattr(examine(made("tiles.jp2")).tiling, "width", 0) == 64
    assert getattr(examine(made("plain.jp2")).compression, "is_lossless", 0) is None


def test_figures_of_png(made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made("sized.png"))
    assert facts.resolution is not None
    assert facts.resolution.per_inch == pytest.approx((300, 300), abs=0.01)
    assert examine(made("grey16.png")).bits == (16,)
    assert examine(made("interlaced.png")).compression == examine(made("interlaced.png")).compression


def test_a_jp2_that_breaks_the_standard_is_told_by_jpylyzer(made) -> None:  # type: ignore[no-untyped-def]
    data = made("plain.jp2").replace(b"ftypjp2 ", b"ftypjp3 ", 1)
    (problem,) = examine(data).about(ImageTrouble.INVALID)
    assert "brandIsValid" in problem.detail


def test_a_jpeg_that_lost_a_part_of_its_scan_is_told(made) -> None:  # type: ignore[no-untyped-def]
    data = made("restarts.jpg")
    marks = [place for place in range(len(data) - 1) if data[place] == 0xFF and 0xD0 <= data[place + 1] <= 0xD7]
    cut = data[: marks[5]] + data[-2:]
    assert any("restarts" in problem.detail for problem in examine(cut).about(ImageTrouble.DAMAGED))
    gone = data[: marks[5]] + data[marks[7] :]
    assert troubles(examine(gone)) & GRAVE


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("page.tif", "its name ends in .tif, and it is PNG"),
        ("page.txt", "which is of no image"),
        ("page.PNG", ""),
        ("page", ""),
    ],
)
def test_a_name_that_says_another_format_is_told(name: str, told: str) -> None:
    found = examine(png(20, 10), name=name).about(ImageTrouble.MISLABELLED)
    assert told in found[0].detail if told else not found


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"\0" * 100, b"%PDF-1.7", b"P6\n1 1\n255\n\0\0\0", b"II*", b"RIFF\0\0\0\0WAVE"]
)
def test_what_is_no_image_is_told(data: bytes) -> None:
    facts = examine(data, name="0003.tif")
    assert troubles(facts) == {ImageTrouble.UNRECOGNISED}
    assert facts.format is ImageFormat.NONE


def test_sixty_thousand_pixels_square_in_ten_kilobytes() -> None:
    huge = 60_000
    rows = zlib.compress(bytes(10_000))
    head = struct.pack(">IIBBBBB", huge, huge, 8, 2, 0, 0, 0)
    as_png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    strips = tuple([8] * huge)
    as_tiff = tiff(
        {256: ("I", (huge,)), 257: ("I", (huge,)), 258: ("H", (8,)), 259: ("H", (5,)), 262: ("H", (1,)),
         273: ("I", strips), 278: ("I", (1,)), 279: ("I", strips)}, bytes(8)
    )  # fmt: skip
    frame = struct.pack(">BHHB", 8, huge, huge, 1) + bytes([1, 0x11, 0])
    scan = bytes([1, 1, 0, 0, 63, 0])
    as_jpeg = b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xda" + struct.pack(
        ">H", len(scan) + 2
    ) + scan + bytes(9_000) + b"\xff\xd9"  # fmt: skip
    size = struct.pack(">H8IH", 0, huge, huge, 0, 0, huge, huge, 0, 0, 1) + bytes([7, 1, 1])
    style = bytes([0, 0, 0, 1, 0, 5, 4, 4, 0, 1])
    as_j2k = b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\x52" + struct.pack(
        ">H", len(style) + 2
    ) + style + b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 0, 0, 1) + bytes(100) + b"\xff\xd9"  # fmt: skip
    for data in (as_png, as_tiff, as_jpeg, as_j2k):
        facts = examine(data)
        assert (facts.width, facts.height) == (huge, huge)
        assert facts.about(ImageTrouble.OVERSIZE), facts.problems
        assert facts.decoding is Decoding.NOT


def test_an_image_that_expands_beyond_reason_is_not_inflated() -> None:
    packed = zlib.compress(bytes(1 << 20), 9) * 3
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    (problem,) = examine(data).about(ImageTrouble.OVERSIZE)
    assert "expands" in problem.detail


def test_limits_can_be_set() -> None:
    data = png(20, 10)
    assert examine(data, ImageLimits(size=50)).about(ImageTrouble.OVERSIZE)
    assert examine(data, ImageLimits(pixels=199)).about(ImageTrouble.OVERSIZE)
    assert not examine(data, ImageLimits(pixels=200)).about(ImageTrouble.OVERSIZE)
    undecoded = examine(data, ImageLimits(decode=0))
    assert (undecoded.decoding, undecoded.is_sound) == (Decoding.NOT, True)
    assert undecoded.decoding_note


def test_a_large_jpeg_2000_is_decoded_at_a_lower_resolution(made) -> None:  # type: ignore[no-untyped-def]
    facts = examine(made("plain.jp2"), ImageLimits(slow=1000))
    assert facts.decoding is Decoding.REDUCED
    assert "finest of 5 levels" in facts.decoding_note


def test_strips_that_share_bytes_are_not_decoded_over_and_over() -> None:
    count = 4000
    packed = zlib.compress(bytes(100_000))
    row = tuple([8] * count), tuple([len(packed)] * count)
    data = tiff(
        {256: ("I", (1000,)), 257: ("I", (100 * count,)), 258: ("H", (8,)), 259: ("H", (8,)), 262: ("H", (1,)),
         273: ("I", row[0]), 278: ("I", (100,)), 279: ("I", row[1])}, packed
    )  # fmt: skip
    facts = examine(data, ImageLimits(pixels=1 << 30, decode=1 << 30))
    assert troubles(facts) & {ImageTrouble.DAMAGED, ImageTrouble.OVERSIZE}
    assert facts.decoding is Decoding.NOT


def test_two_pages_in_a_tiff_are_told_and_a_thumbnail_is_none(tmp_path: Path) -> None:
    raw = specimens.raw_tiff(tmp_path)
    specimens.run("tiffcp", raw, raw, raw, tmp_path / "three.tif")
    facts = examine(tmp_path / "three.tif")
    assert facts.frames == 3
    assert "3 pages" in facts.about(ImageTrouble.SEVERAL_PAGES)[0].detail
    shutil.copy(raw, tmp_path / "small.tif")
    specimens.run("tiffset", "-s", "254", "1", tmp_path / "small.tif")
    specimens.run("tiffcp", raw, tmp_path / "small.tif", tmp_path / "with-thumbnail.tif")
    assert examine(tmp_path / "with-thumbnail.tif").frames == 1


def test_directories_in_a_ring_end() -> None:
    data = bytearray(grey_tiff())
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    assert "ring" in examine(bytes(data)).about(ImageTrouble.DAMAGED)[0].detail


def test_tags_of_a_scanner(tmp_path: Path) -> None:
    facts = examine(
        grey_tiff(
            t271=("A", b"Zeutschel\0"), t272=("A", b"OS 15000\0"), t305=("A", b"OmniScan 12\0"), t274=("H", (6,)),
            t306=("A", b"2021:05:09 10:20:30\0"), t282=("R", (400, 1)), t283=("R", (400, 1)), t296=("H", (2,)),
        )
    )  # fmt: skip
    assert (facts.maker, facts.model, facts.software) == ("Zeutschel", "OS 15000", "OmniScan 12")
    assert (facts.captured, facts.orientation) == ("2021-05-09T10:20:30", 6)
    assert facts.resolution is not None
    assert facts.resolution.per_inch == (400, 400)
    assert facts.problems == ()


@pytest.mark.parametrize(
    ("stated", "kept"),
    [(b"2021:05:09 10:20:30\0", "2021-05-09T10:20:30"), (b"2021:05:09\0", "2021-05-09"), (b"0000:00:00 00:00:00\0", ""),
     (b"2021:02:30 10:20:30\0", ""), (b"yesterday\0", ""), (b"\xff\xfe\0", "")],
)  # fmt: skip
def test_dates_of_capture(stated: bytes, kept: str) -> None:
    assert examine(grey_tiff(t306=("A", stated))).captured == kept


def test_exif_of_a_camera(made) -> None:  # type: ignore[no-untyped-def]
    part = {33437: ("R", (8, 1)), 36867: ("A", b"2020:03:15 08:00:01\0"), 36881: ("A", b"+08:00\0")}
    main = tiff({271: ("A", b"Nikon\0"), 274: ("H", (8,)), 34665: ("I", (0,))})
    inner = tiff(part)
    # The second directory stands behind the first one, with its offsets moved.
    offset = len(main)
    block = bytearray(main + inner[8:])
    struct.pack_into("<I", block, main.index(struct.pack("<HHI", 34665, 4, 1)) + 8, offset)
    for index in range(len(part)):
        place = offset + 2 + 12 * index
        (value,) = struct.unpack_from("<I", block, place + 8)
        struct.pack_into("<I", block, place + 8, value - 8 + offset)
    exif = b"Exif\0\0" + bytes(block)
    plain = made("baseline.jpg")
    data = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]
    facts = examine(data)
    assert (facts.maker, facts.device, facts.orientation) == ("Nikon", CaptureDevice.CAMERA, 8)
    assert facts.captured == "2020-03-15T08:00:01+08:00"
    assert facts.is_sound


def test_unusual_colours_are_told() -> None:
    cmyk = examine(grey_tiff(5, 10, t262=("H", (5,)), t277=("H", (4,)), t258=("H", (8, 8, 8, 8)),
                                       t279=("I", (200,)), t273=("I", (0,)), t278=("I", (10,))))  # fmt: skip
    assert "CMYK" in cmyk.about(ImageTrouble.UNUSUAL_COLOUR)[0].detail
    transparent = examine(png(20, 10, kind=6))
    assert transparent.about(ImageTrouble.UNUSUAL_COLOUR)[0].detail == "1 of its 4 samples are no colour"


@pytest.mark.parametrize("name", ["moving.gif", "still.gif", "still.webp"])
def test_gif_and_webp_are_recognised(name: str, tmp_path: Path) -> None:
    from PIL import Image

    shades = [Image.new("L", (30, 20), shade) for shade in (0, 120, 250)]
    shades[0].save(tmp_path / name, save_all=name == "moving.gif", append_images=shades[1:] if "moving" in name else [])
    facts = examine(tmp_path / name)
    assert (facts.width, facts.height) == (30, 20)
    assert ImageTrouble.NOT_ARCHIVAL in troubles(facts)
    assert (ImageTrouble.ANIMATED in troubles(facts)) is (name == "moving.gif")
    assert ImageTrouble.TRUNCATED in troubles(examine((tmp_path / name).read_bytes()[:-1]))


def test_bytes_after_the_end_are_told(made) -> None:  # type: ignore[no-untyped-def]
    for name in ("colour.png", "baseline.jpg", "plain.j2k"):
        assert examine(made(name) + b"PK\3\4 something").about(ImageTrouble.TRAILING)
        assert not examine(made(name) + bytes(512)).about(ImageTrouble.TRAILING)


def test_the_name_of_an_icc_profile() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    facts = examine(grey_tiff(t34675=("B", profile)))
    assert "sRGB" in facts.icc_profile
    packed = chunk(b"iCCP", b"icc\0\0" + zlib.compress(profile))
    assert "sRGB" in examine(png(5, 5, kind=2, extra=packed)).icc_profile
    assert examine(grey_tiff(t34675=("B", bytes(200)))).icc_profile == "(without a name)"


def test_the_state_that_all_share_is_left_alone(made, recwarn) -> None:  # type: ignore[no-untyped-def]
    from PIL import Image, ImageFile

    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, sys.stderr
    for name in ("plain.jp2", "lzw.tif", "baseline.jpg"):
        examine(made(name))
    assert (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, sys.stderr) == before
    assert len(recwarn) == 0


def test_an_image_larger_than_pillow_warns_of_is_decoded(monkeypatch: pytest.MonkeyPatch, made) -> None:  # type: ignore[no-untyped-def]
    from PIL import Image

    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for name in ("plain.jp2", "lzw.tif", "baseline.jpg"):
        assert examine(made(name)).decoding is Decoding.WHOLE


def test_links_pipes_and_absent_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.tif").symlink_to(tmp_path / "there.tif")
    (tmp_path / "there.tif").write_bytes(grey_tiff())
    os.mkfifo(tmp_path / "pipe.tif")
    for name in ("link.tif", "pipe.tif", "absent.tif", "."):
        with pytest.raises(UnreadableInput):
            examine(tmp_path / name)
    assert examine(tmp_path / "there.tif") == examine(grey_tiff(), name="there.tif")


def test_without_pillow_and_jpylyzer_the_structure_is_judged(made, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    found = __import__("importlib.util").util.find_spec
    hidden = {"PIL", "jpylyzer"}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name in hidden else found(name))
    facts = examine(made("plain.jp2"))
    assert facts.is_sound
    assert facts.decoding is Decoding.NOT
    assert "archiver[images]" in facts.decoding_note
    assert "archiver[images]" in facts.validity
    assert examine(made("zip.tif")).decoding is Decoding.WHOLE
    assert not examine(made("plain.jp2")[:-30]).is_sound


MARKS = [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff",
         b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  \r\n\x87\n", b"GIF89a", b"RIFF\0\1\0\0WEBP"]  # fmt: skip


@given(st.binary(max_size=300), st.sampled_from(MARKS))
@settings(max_examples=300, deadline=None)
def test_nothing_but_an_archiver_error_is_raised(data: bytes, mark: bytes) -> None:
    try:
        facts = examine(mark + data)
    except ArchiverError:  # pragma: no cover
        return
    assert facts.size == len(mark + data)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_uncompressed_tiff_gives_back_its_figures(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(1, 300)), data.draw(st.integers(1, 60))
    across = data.draw(st.integers(1, 2**32 - 1))
    facts = examine(grey_tiff(width, height, t282=("R", (across, 7)), t283=("R", (across, 7)), t296=("H", (3,))))
    assert (facts.width, facts.height, facts.pixels) == (width, height, width * height)
    assert facts.resolution is not None
    assert (facts.resolution.x, facts.resolution.unit) == (Fraction(across, 7), ResolutionUnit.CENTIMETRE)
    assert facts.problems == ()
    assert facts.decoding is Decoding.WHOLE


def test_bytes_end_where_they_end() -> None:
    from archiver.imaging.octets import EndsEarly

    held = Held(b"abc")
    assert held.some(1, 10) == b"bc"
    for offset, count in ((1, 3), (-1, 1), (4, 0), (0, -1)):
        with pytest.raises(EndsEarly):
            held.at(offset, count)


def test_a_table_of_ones_is_the_best_quality() -> None:
    assert quality((1,) * 64) >= 99
