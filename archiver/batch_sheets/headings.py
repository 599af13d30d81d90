"""Which column says what: by the words of its heading, in English, Chinese, German, French and Japanese."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.batch import BatchField
from archiver.model.batch_result import RESULT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOKED_AT = 10  # rows in which the headings may stand: below a title, or a line that names the delimiter
_PARTS = re.compile(r"[a-zà-ÿß]+|[^a-zà-ÿß]+")

# Words of headings in small letters, without spaces and punctuation.
_WORDS = {
    BatchField.FOLDER: """
        folder folders foldername folderpath directory dir path file files filename source deposit 文件夹
        文件夹路径 文件夹名 文件夹名称 目录 所在目录 路径 文件 文件名 资料夹 資料夾 文件夾 目錄 路徑 檔案
        ordner verzeichnis datei pfad dossier répertoire chemin fichier フォルダ フォルダー ファイル
    """,
    BatchField.SERIAL: """
        serial serialid profile serialprofile 连续出版物 刊物代码 刊物标识 期刊代码 报刊代码 連續出版物
        刊物代碼 profil 逐次刊行物
    """,
    BatchField.TITLE: """
        title serialtitle 题名 刊名 报名 报刊名 报刊名称 报纸名称 期刊名称 刊物名称 標題 标题 題名 報名
        報刊名稱 titel zeitungstitel titre タイトル 誌名 紙名
    """,
    BatchField.DATE: """
        date issuedate dateofissue published publicationdate pubdate dateissued 日期 出版日期 发行日期
        刊期日期 出刊日期 出版时间 發行日期 出版時間 datum erscheinungsdatum ausgabedatum dateparution
        datedeparution 発行日 発行年月日 日付
    """,
    BatchField.NUMBER: """
        number no num issue issueno issuenumber issuenum nr numberofissue 期号 期 期数 期次 期號 期數 号
        号数 號數 nummer ausgabe heft heftnummer numéro numero 号数 号番号
    """,
    BatchField.WHOLE_NUMBER: """
        wholenumber wholeno whole runningnumber 总期号 总期 总期数 总第期 总号 累计期号 總期號 總期數 總期
        總號 gesamtnummer laufendenummer numérototal 通巻 通巻号 通巻号数 通号
    """,
    BatchField.VOLUME: """
        volume vol volumeno volumenumber 卷 卷号 卷次 卷數 卷數號 卷號 卷数 年卷 band jahrgang tome 巻 巻号
        巻数
    """,
    BatchField.EDITION: """
        edition editionstatement 版次 版本 版 ausgabenvariante édition 版別 版别
    """,
    BatchField.RIGHTS: """
        rights rightsstatement right copyright licence license 权利 权利声明 权利说明 版权 版权声明 授权
        授权方式 權利 權利聲明 版權 授權 rechte urheberrecht lizenz droits droit 権利 著作権
    """,
    BatchField.ACCESS: """
        access accessstatus accessrights 开放范围 开放 开放程度 开放状态 访问 访问权限 使用范围 開放範圍
        開放 訪問權限 zugang accès アクセス 公開
    """,
    BatchField.DEPOSITOR: """
        depositor depositedby donor 缴送者 缴送单位 缴送人 移交单位 移交人 捐赠者 捐赠人 繳送者 繳送單位
        移交單位 捐贈者 einlieferer abgeber ablieferer déposant 寄託者 寄贈者
    """,
    BatchField.NOTES: """
        notes note remark remarks comment comments 备注 附注 说明 注释 注 備註 備注 附註 說明 註 bemerkung
        bemerkungen anmerkung anmerkungen remarque remarques commentaire 備考 注記
    """,
    BatchField.CHECKSUMS: """
        checksums checksum checksumsfile checksumfile checksumlist manifest 校验清单 校验文件 校验和
        校验和文件 校验值文件 校驗清單 校驗檔 校驗和 prüfsummen prüfsummendatei sommesdecontrôle
        チェックサム
    """,
}
_FIELDS = {word: field for field, words in _WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Headings:
    """The row that names the columns: what each of them says, None for a column that is not known.

    `result_columns` are the columns that a former result added: they are ours, and say nothing of the issue.
    """

    texts: tuple[str, ...]
    fields: tuple[BatchField | None, ...]
    result_columns: frozenset[int] = frozenset()

    @property
    def known(self) -> int:
        """How many columns are known."""
        return sum(field is not None for field in self.fields)

    def columns_of(self, field: BatchField) -> tuple[int, ...]:
        """The columns, from 0, that say this."""
        return tuple(index for index, each in enumerate(self.fields) if each is field)

    def place(self, column: int) -> str:
        """A column in words: D (date)."""
        text = self.texts[column].strip() if column < len(self.texts) else ""
        return f"{letters(column)} ({text})" if text else letters(column)


def headings(texts: Sequence[str]) -> Headings | None:
    """What a row of texts says of the columns; None when it names no two columns and no folder."""
    fields = [field_of(text) for text in texts]
    known = sum(field is not None for field in fields)
    if known < 2 and BatchField.FOLDER not in fields:
        return None
    trimmed = tuple(text.strip() for text in texts)
    added: frozenset[int] = frozenset()
    for begin in range(len(trimmed) - len(RESULT_COLUMNS) + 1):
        if trimmed[begin : begin + len(RESULT_COLUMNS)] == RESULT_COLUMNS:
            added = frozenset(range(begin, begin + len(RESULT_COLUMNS)))
    kept = tuple(None if index in added else field for index, field in enumerate(fields))
    return Headings(trimmed, kept, added)


def field_of(text: str) -> BatchField | None:
    """What a heading means: one known word, or one in each of two languages ("date 日期", "题名 (title)")."""
    if len(text) > 80:
        return None
    folded = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"[^\w]|_", "", folded)
    if plain in _FIELDS:
        return _FIELDS[plain]
    found = {_FIELDS.get(part) for part in _PARTS.findall(plain)}
    return found.pop() if len(found) == 1 else None


def nearest(text: str) -> BatchField | None:
    """The field that a heading was perhaps meant for; None when it is like none."""
    from difflib import get_close_matches

    plain = re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text).lower())[:80]
    close = get_close_matches(plain, _FIELDS, n=1, cutoff=0.75) if len(plain) > 2 else []
    return _FIELDS[close[0]] if close else None


def letters(column: int) -> str:
    """The letters by which spreadsheet programs name a column that is counted from 0: A, B … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
