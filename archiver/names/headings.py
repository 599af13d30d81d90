"""The columns of an authority file, by the headings they may have; and the words for types of names."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from archiver.model.names_index import NameType

if TYPE_CHECKING:
    from collections.abc import Mapping


class Column(enum.Enum):
    """A column of an authority file; the value is its heading in English."""

    NAME = "name"
    TYPE = "type"
    LOCAL = "id"
    URI = "uri"
    VIAF = "VIAF"
    WIKIDATA = "Wikidata"
    VARIANTS = "variants"
    NOTES = "notes"


_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("name", "名称", "名稱", "姓名", "规范名称", "規範名稱"),
    Column.TYPE: ("type", "类型", "類型"),
    Column.LOCAL: ("id", "local", "标识", "標識", "编号", "編號", "本地", "本地标识"),
    Column.URI: ("uri", "url", "网址", "網址", "链接", "鏈接"),
    Column.VIAF: ("viaf",),
    Column.WIKIDATA: ("wikidata", "维基数据", "維基數據"),
    Column.VARIANTS: ("variants", "variant", "别名", "別名", "异名", "異名"),
    Column.NOTES: ("notes", "note", "备注", "備註"),
}
COLUMNS: Mapping[str, Column] = {word: column for column, words in _HEADINGS.items() for word in words}
TYPES: Mapping[str, NameType] = {
    "": NameType.PERSONAL,
    **dict.fromkeys(("personal", "person", "人名", "人物", "个人", "個人"), NameType.PERSONAL),
    **dict.fromkeys(
        ("corporate", "corporation", "organisation", "organization", "团体", "團體", "机构", "機構"), NameType.CORPORATE
    ),
    **dict.fromkeys(("place", "geographic", "地名", "地点", "地點"), NameType.PLACE),
}


def column(heading: str) -> Column | None:
    """The column a heading stands for; None when it is none."""
    return COLUMNS.get(" ".join(heading.split()).casefold())
