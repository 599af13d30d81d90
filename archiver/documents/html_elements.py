"""The elements of HTML by what becomes of them: which begin a paragraph, which are left out, which load something."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.metadata.xml import Element

_PARAGRAPHS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav noframes ol optgroup "
    "p plaintext pre search section summary table tbody td tfoot th thead tr ul xmp object iframe video audio"
)
BLOCKS = frozenset(_PARAGRAPHS.split())
SECTIONS = frozenset({"article", "aside", "nav", "section"})  # an h1 in one is a heading of the next rank
FIELDS = frozenset({"input", "button", "label", "output", "meter", "progress"})  # their words, if any, are read
# Left out with all they hold, and what they are counted as.
LEFT_OUT = {
    "script": "script",
    "style": "style sheet",
    "noscript": "noscript",
    "noframes": "noscript",
    "template": "template",
    "img": "picture",
    "image": "picture",
    "input type=image": "picture",
    "svg": "drawing",
    "canvas": "drawing",
    "map": "drawing",
    "video": "film",
    "audio": "film",
    "bgsound": "film",
    "object": "embedded",
    "embed": "embedded",
    "applet": "embedded",
    "iframe": "frame",
    "frame": "frame",
    "select": "form",
    "textarea": "form",
    "datalist": "form",
    "del": "deletion",
    "rt": "ruby",
    "rp": "ruby bracket",
    "rtc": "ruby",
}
REFERENCES = {
    "img": (("src", "picture"), ("longdesc", "page")),
    "image": (("src", "picture"), ("href", "picture")),
    "input": (("src", "picture"),),
    "script": (("src", "script"),),
    "link": (("href", "style sheet"),),
    "iframe": (("src", "page"),),
    "frame": (("src", "page"),),
    "embed": (("src", "object"),),
    "object": (("data", "object"), ("codebase", "object")),
    "applet": (("codebase", "object"), ("archive", "object")),
    "video": (("src", "film"), ("poster", "picture")),
    "audio": (("src", "sound"),),
    "source": (("src", "film or sound"),),
    "bgsound": (("src", "sound"),),
    "body": (("background", "picture"),),
    "table": (("background", "picture"),),
    "td": (("background", "picture"),),
}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_C1 = re.compile("[\x80-\x9f]")


def is_hidden(element: Element) -> bool:
    """Whether an element says itself that it is not shown. Style sheets may hide others: they are not read."""
    if element.get("hidden") is not None or (element.tag == "input" and element.get("type", "").lower() == "hidden"):
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style) is not None


def language_of(element: Element) -> str:
    """The language that an element states, as written."""
    return (element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:40]


def without_c1(text: str) -> str:
    """Text with the control characters of Windows-1252 as the signs that are meant, as every browser shows them."""
    return _C1.sub(lambda match: match[0].encode("latin-1").decode("cp1252", "ignore") or match[0], text)
