"""Images for tests: made by other programs where these are installed, and by hand where none makes them."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

WIDTH, HEIGHT = 150, 100


def picture(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """A PPM with gradients and something like print on it; no two rows are alike."""
    rows = bytearray()
    for row in range(height):
        for column in range(width):
            ink = 40 if (row // 3 + column // 5) % 4 == 0 and row % 3 else 0
            rows += bytes(((row * 3 + ink) % 256, (column * 2 + ink) % 256, (row * column // 7) % 256))
    return b"P6\n%d %d\n255\n" % (width, height) + bytes(rows)


def run(*words: str | Path, stdin: bytes | None = None) -> bytes:
    """What a program writes to standard output; the test is skipped where the program is not installed."""
    name = str(words[0])
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([str(word) for word in words], input=stdin, capture_output=True, check=True)
    return done.stdout


def ppm(folder: Path) -> Path:
    path = folder / "source.ppm"
    path.write_bytes(picture())
    return path


def raw_tiff(folder: Path) -> Path:
    path = folder / "raw.tif"
    run("ppm2tiff", "-c", "none", "-R", "300", ppm(folder), path)
    return path


def _tiff(*options: str) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        run("tiffcp", *options, raw_tiff(folder), folder / "out.tif")
        return (folder / "out.tif").read_bytes()

    return made


def _fax(*options: str) -> Callable[[Path], bytes]:
    def made(_: Path) -> bytes:
        bitmap = run("pgmtopbm", stdin=run("ppmtopgm", stdin=picture()))
        return run("pamtotiff", *options, stdin=bitmap)

    return made


def _opj(suffix: str, *options: str) -> Callable[[Path], bytes]:
    def made(folder: Path) -> bytes:
        run("opj_compress", "-i", ppm(folder), "-o", folder / f"out.{suffix}", *options)
        return (folder / f"out.{suffix}").read_bytes()

    return made


def _jpeg(*options: str) -> Callable[[Path], bytes]:
    return lambda folder: run("cjpeg", *options, ppm(folder))


def _png(*options: str) -> Callable[[Path], bytes]:
    return lambda _: run("pnmtopng", *options, stdin=picture())


# By name: how each is made, by programs that share no code with archiver.
MAKERS: dict[str, Callable[[Path], bytes]] = {
    "none.tif": _tiff("-c", "none"),
    "lzw.tif": _tiff("-c", "lzw"),
    "lzw-predictor.tif": _tiff("-c", "lzw:2", "-r", "7"),
    "zip.tif": _tiff("-c", "zip"),
    "zip-predictor.tif": _tiff("-c", "zip:2"),
    "packbits.tif": _tiff("-c", "packbits"),
    "jpeg.tif": _tiff("-c", "jpeg:r", "-r", "16"),
    "jpeg-tiles.tif": _tiff("-c", "jpeg", "-t", "-w", "64", "-l", "48"),
    "lzw-tiles.tif": _tiff("-c", "lzw", "-t", "-w", "64", "-l", "48"),
    "planes.tif": _tiff("-c", "lzw", "-p", "separate"),
    "one-row-strips.tif": _tiff("-c", "packbits", "-r", "1"),
    "big.tif": _tiff("-8", "-c", "zip"),
    "motorola.tif": _tiff("-B", "-c", "lzw"),
    "lsb-first.tif": _tiff("-f", "lsb2msb", "-c", "packbits"),
    "fax4.tif": _fax("-g4"),
    "fax3.tif": _fax("-g3"),
    "fax3-2d.tif": _fax("-g3", "-2d"),
    "colour.png": _png(),
    "interlaced.png": _png("-interlace"),
    "sized.png": _png("-size", "11811 11811 1"),
    "grey16.png": lambda _: run("pnmtopng", "-force", stdin=b"P5\n40 30\n65535\n" + bytes(range(240)) * 10),
    "bitmap.png": lambda _: run("pnmtopng", stdin=b"P4\n40 30\n" + bytes(range(150))),
    "baseline.jpg": _jpeg("-quality", "85"),
    "grey.jpg": _jpeg("-quality", "60", "-grayscale"),
    "progressive.jpg": _jpeg("-quality", "85", "-progressive"),
    "restarts.jpg": _jpeg("-quality", "75", "-restart", "5B"),
    "progressive-restarts.jpg": _jpeg("-quality", "75", "-progressive", "-restart", "1"),
    "unsampled.jpg": _jpeg("-quality", "95", "-sample", "1x1"),
    "arithmetic.jpg": _jpeg("-arithmetic"),
    "plain.jp2": _opj("jp2"),
    "lossy.jp2": _opj("jp2", "-I", "-r", "20,10"),
    "tiles.jp2": _opj("jp2", "-t", "64,64", "-TP", "R"),
    "plain.j2k": _opj("j2k"),
}


def made(name: str, folder: Path) -> bytes:
    """The bytes of a specimen."""
    folder.mkdir(parents=True, exist_ok=True)
    return MAKERS[name](folder)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG with its CRC."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *, bits: int = 8, kind: int = 0, data: bytes | None = None, extra: bytes = b""
) -> bytes:
    """A PNG of nought pixels, or of `data` (uncompressed rows with filter bytes)."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    rows = data if data is not None else bytes(height * (1 + -(-width * bits * channels // 8)))
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    )


def tiff(tags: dict[int, tuple[str, tuple[int, ...] | bytes]], data: bytes = b"", *, order: str = "<") -> bytes:
    """A TIFF of one directory, which stands after `data` at offset 8. Types: B, A (ASCII), H, I, R (pairs of I)."""
    kinds = {"B": 1, "A": 2, "H": 3, "I": 4, "R": 5}
    place = 8 + len(data)
    behind = place + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag in sorted(tags):
        kind, given = tags[tag]
        if isinstance(given, bytes):
            raw, count = given, len(given)
        else:
            raw = struct.pack(f"{order}{len(given)}{'I' if kind == 'R' else kind}", *given)
            count = len(given) // 2 if kind == "R" else len(given)
        if len(raw) > 4:
            field, values = struct.pack(order + "I", behind + len(values)), values + raw
        else:
            field = raw.ljust(4, b"\0")
        entries += struct.pack(order + "HHI", tag, kinds[kind], count) + field
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    head = mark + struct.pack(order + "I", place)
    return head + data + struct.pack(order + "H", len(tags)) + entries + bytes(4) + values


def grey_tiff(width: int = 20, height: int = 10, **more: object) -> bytes:
    """An uncompressed grey TIFF in one strip; `more` are tags by number, written t282=("R", (300, 1))."""
    tags: dict[int, tuple[str, tuple[int, ...] | bytes]] = {
        256: ("I", (width,)),
        257: ("I", (height,)),
        258: ("H", (8,)),
        259: ("H", (1,)),
        262: ("H", (1,)),
        273: ("I", (8,)),
        277: ("H", (1,)),
        278: ("I", (height,)),
        279: ("I", (width * height,)),
    }
    tags.update({int(name[1:]): value for name, value in more.items()})  # type: ignore[misc]
    return tiff(tags, bytes(index % 251 for index in range(width * height)))
