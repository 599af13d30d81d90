"""Which column of a table is what: by the words of its header, in five languages, or by what the cells hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from archiver.checksum_lists.algorithms import LENGTHS, Named, named, names_in

_DIGITS_ALONE = re.compile(r"[0-9A-Fa-f]+")


def _words(written: str) -> frozenset[str]:
    return frozenset(written.split())


# Header words in small letters, without spaces and punctuation.
_PATHS = _words(
    """
    path filepath fullpath relativepath fullname fullfilename pathname location 文件路径 路径 相对路径
    完整路径 全路径 存储路径 文件位置 檔案路徑 路徑 相對路徑 完整路徑 pfad dateipfad chemin パス
    ファイルパス
    """
)
_NAMES = _words(
    """
    filename file name basename originalfilename filenames 文件名 文件名称 文件 名称 原文件名 电子文件名
    计算机文件名 檔名 檔案名稱 檔案 文件名稱 名稱 dateiname datei nomdufichier nomfichier fichier nom
    ファイル名 ファイル
    """
)
_FOLDERS = _words(
    """
    folder directory dir foldername parentfolder 文件夹 目录 所在目录 文件夹路径 資料夾 目錄 ordner
    verzeichnis dossier répertoire フォルダ フォルダー
    """
)
_DIGESTS = _words(
    """
    checksum checksums hash hashes hashvalue hashsum digest messagedigest checksumvalue fixity fixityvalue
    校验值 校验码 校验和 校验 哈希值 哈希 哈希码 散列值 摘要 摘要值 数字摘要 校驗值 校驗碼 校驗和 雜湊值
    雜湊 哈希值hash prüfsumme hashwert sommedecontrôle empreinte チェックサム ハッシュ ハッシュ値
    """
)
_ALGORITHMS = _words(
    """
    algorithm hashalgorithm checksumalgorithm checksumtype hashtype digestalgorithm messagedigestalgorithm
    fixitytype 算法 校验算法 哈希算法 摘要算法 校验方式 校验类型 演算法 校驗算法 雜湊演算法 algorithmus
    verfahren algorithme アルゴリズム
    """
)
_SIZES = _words(
    """
    size filesize bytes sizebytes sizeinbytes length bytecount 大小 文件大小 字节数 字节 大小字节
    文件大小字节 檔案大小 位元組 größe dateigröße taille サイズ
    """
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what; -1 for none. `digests` are columns with the algorithm that their header names."""

    path: int
    folder: int
    size: int
    algorithm: int
    digests: tuple[tuple[int, Named | None], ...]


def header(cells: Sequence[str]) -> Columns | None:
    """What a row's words say of the columns; None when they name no file or no digest."""
    words = [re.sub(r"[^\w]|_", "", unicodedata.normalize("NFC", cell).lower()) for cell in cells]
    path, name = _first(words, _PATHS), _first(words, _NAMES)
    algorithm = _first(words, _ALGORITHMS)
    digests = tuple(
        (index, _digest_column(cell, word))
        for index, (cell, word) in enumerate(zip(cells, words, strict=True))
        if index != algorithm and len(cell) <= 60 and (word in _DIGESTS or _digest_column(cell, word) is not None)
    )
    place = path if path >= 0 else name
    if place < 0 or not digests:
        return None
    folder = _first(words, _FOLDERS) if path < 0 else -1
    return Columns(place, folder, _first(words, _SIZES), algorithm, digests)


def _first(words: Sequence[str], known: frozenset[str]) -> int:
    return next((index for index, word in enumerate(words) if word in known), -1)


def _digest_column(cell: str, word: str) -> Named | None:
    """The algorithm that a header names: MD5, SHA-256, SHA256值, md5校验码, "Checksum (SHA-1)"."""
    whole = named(cell)
    if whole is not None:
        return whole
    found = names_in(re.sub(r"[^\x00-\x7f]+", " ", cell))
    if not found:
        return None
    rest = re.sub(r"[^\w]|_|\d", "", re.sub(r"(?i)sha|md|sm|blake2?[bs]?|crc", "", word))
    return found[0] if not rest or rest in _DIGESTS or rest in {"值", "码", "sum", "hex", "文件"} else None


def unheaded(cells: Sequence[str]) -> Columns | None:
    """What the cells of a row without a header are: digests by their lengths, a size, and the name.

    None when one of the two is missing.
    """
    digests = tuple((index, None) for index, cell in enumerate(cells) if is_digest(cell))
    others = [index for index, cell in enumerate(cells) if cell.strip() and not is_digest(cell)]
    words = [index for index in others if not cells[index].strip().isdigit() and named(cells[index]) is None]
    algorithm = next((index for index in others if named(cells[index]) is not None), -1)
    if not digests or not words:
        return None
    size = next((index for index in others if cells[index].strip().isdigit()), -1)
    # Of several words, the one that looks most like a path: with an extension or a separator.
    path = next((index for index in words if re.search(r"[/\\]|\.\w{1,5}$", cells[index].strip())), words[-1])
    return Columns(path, -1, size, algorithm, digests)


def is_digest(cell: str) -> bool:
    """Whether a cell can be a digest of an algorithm told by its length."""
    folded = cell.strip()
    return len(folded) in LENGTHS and _DIGITS_ALONE.fullmatch(folded) is not None
