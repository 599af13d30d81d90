"""The words and shapes of numbering in five languages, as patterns over the plain form of a text (`folding.Plain`).

Each pattern has the group `first`, the number, and may have `last`, the last number of a combined issue; in forms that
count neither pages nor supplements twice, `last` is the number when it stands behind ("Beilage Nr. 3").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archiver.model.printed import NumberKind
from archiver.serials.printed_numbers import HAN

_HAN = rf"(?:\d{{1,9}}|[{HAN}]{{1,12}})"
_FIRST = rf"第 *(?P<first>{_HAN})"
_HAN_AND = r" *(?:-|/|、|・|·|和|及|至|,|&|與|与) *"
_TO_LAST = rf"(?:{_HAN_AND}第? *(?P<last>{_HAN}))?"
_HAN_NUMBERS = rf"第? *(?P<first>{_HAN})(?: *[期号號])?{_TO_LAST}"
_HAN_MAYBE = rf"(?: *第? *(?P<first>{_HAN}) *[期号號]?)?"
_ROMAN = r"(?<![A-Za-z])(?-i:[MDCLXVI]+j?|[mdclxvi]+j?)(?![A-Za-z])"
_WESTERN = rf"(?:\d{{1,3}}(?:[.,']\d{{3}})+(?!\d)|\d{{1,9}}(?!\d)|{_ROMAN})"
_AND = r"(?: *(?:-|/|&) *| +(?:and|und|et|bis|to|a|u\.) +)"
_MANY = r"(?: *(?:-|/|&|,) *| +(?:and|und|et|bis|to|a|u\.) +)"
_NUMBERS = rf"(?P<first>{_WESTERN})(?:{_AND}(?P<last>{_WESTERN}))?"
_PLURAL = rf"(?P<first>{_WESTERN})(?:{_MANY}(?P<last>{_WESTERN}))?"
_EDGE = r"(?<![a-z])"
_END = r"(?![a-z])"
_MAYBE = rf"(?: +(?:(?:no\.?|nr\.?|n ?°) *)?{_NUMBERS})?{_END}"
_KINDS_OF_EDITION = (
    "late|early|final|city|morning|evening|afternoon|night|midday|weekend|country|home|national|international|sunday|"
    "first|second|third|fourth|fifth"
)
_KINDS_OF_AUSGABE = "morgen|abend|mittag|nacht|fruh|spat|haupt|fern|stadt|land"
_TIMES_OF_EDITION = "soir|matin|midi|(?:l')?apres-midi|nuit|paris|province"
_WHICH_EDITION = "premiere|deuxieme|troisieme|quatrieme|derniere"
_KINDS_OF_SUPPLEMENT = "litteraire|illustre|au +numero|du +dimanche"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to print a piece of numbering; `likely` says why a find needs a look."""

    kind: NumberKind
    language: str
    pattern: re.Pattern[str]
    likely: str = ""


def _form(kind: NumberKind, language: str, pattern: str, likely: str = "") -> Form:
    return Form(kind, language, re.compile(pattern, re.IGNORECASE), likely)


_VOLUME, _ISSUE, _WHOLE = NumberKind.VOLUME, NumberKind.ISSUE, NumberKind.WHOLE
_SUPPLEMENT, _EXTRA, _EDITION, _PAGE = NumberKind.SUPPLEMENT, NumberKind.EXTRA, NumberKind.EDITION, NumberKind.PAGE
_IN_NAME = "may be part of a name"

_EAST_ASIAN = (
    _form(_WHOLE, "chi", rf"[总總](?:期数?|期數|号|號|数)?:? *{_HAN_NUMBERS} *[期号號]?"),
    _form(_WHOLE, "jpn", rf"(?:通巻|通卷|通号|通算) *{_HAN_NUMBERS} *[号號]?"),
    _form(_ISSUE, "chi", rf"{_FIRST}(?: *期)?{_TO_LAST} *期(?:合刊|合[订訂]本)?"),
    _form(_ISSUE, "chi", rf"{_FIRST}(?: *號)?{_TO_LAST} *號"),
    _form(_ISSUE, "jpn", rf"{_FIRST}(?: *[号號])?{_TO_LAST} *[号號](?:合[併并]号)?"),
    _form(_VOLUME, "chi", rf"{_FIRST} *年(?= *第)"),
    _form(_VOLUME, "chi", rf"{_FIRST} *卷"),
    _form(_VOLUME, "jpn", rf"第? *(?P<first>{_HAN}) *巻"),
    _form(_PAGE, "chi", rf"{_FIRST} *版(?![权權面本])|(?<![A-Za-z])(?P<last>[A-Z]\d{{1,3}}) *版"),
    _form(_PAGE, "chi", rf"(?P<first>{_HAN}) *版(?![权權面本])", "may be a number of pages"),
    _form(_PAGE, "jpn", rf"{_FIRST} *面(?![积積])"),
    _form(_SUPPLEMENT, "chi", rf"[增増]刊{_HAN_MAYBE}"),
    _form(_SUPPLEMENT, "jpn", rf"(?:附録|付録){_HAN_MAYBE}"),
    _form(_SUPPLEMENT, "chi", r"附[录錄]"),
    _form(_EXTRA, "chi", rf"(?:[号號]外|特刊|[专專]刊){_HAN_MAYBE}"),
    _form(_EDITION, "chi", r"(?<![一-鿿])[早晨晚午日夜][报報](?![一-鿿])"),
    _form(_EDITION, "chi", r"(?<![一-鿿])[早晨晚午]刊(?![一-鿿])"),
    _form(_EDITION, "chi", r"(?<=[一-鿿])[早晨晚午][报報刊]", _IN_NAME),
    _form(_EDITION, "jpn", r"(?:朝刊|夕刊)(?:第? *(?P<first>\d{1,2}|[一二三四]) *版)?"),
)
_ENGLISH = (
    _form(_VOLUME, "eng", rf"{_EDGE}vol(?:s?\.|umes?|s)? *{_NUMBERS}"),
    _form(_WHOLE, "eng", rf"{_EDGE}whole +(?:no\.?|number|issue|nos\.?) *{_NUMBERS}"),
    _form(_ISSUE, "eng", rf"{_EDGE}(?:no\.?|number|issue(?: +no\.?)?) *{_NUMBERS}"),
    _form(_ISSUE, "eng", rf"{_EDGE}(?:nos\.?|numbers|issues) *{_PLURAL}"),
    _form(_SUPPLEMENT, "eng", rf"{_EDGE}supplement{_MAYBE}"),
    _form(_EXTRA, "eng", rf"{_EDGE}(?:extra(?: +edition)?|special +(?:edition|issue|number)){_MAYBE}"),
    _form(_EDITION, "eng", rf"{_EDGE}(?:(?:{_KINDS_OF_EDITION}) +){{1,3}}edition{_END}"),
)
_GERMAN = (
    _form(_VOLUME, "ger", rf"{_EDGE}(?:jahrgang|jahrg\.|jg\.|band|bd\.) *{_NUMBERS}"),
    _form(_VOLUME, "ger", rf"(?<![a-z\d])(?P<first>{_WESTERN})\. *(?:jahrgang|jahrg\.|jg\.|band|bd\.)"),
    _form(_WHOLE, "ger", rf"{_EDGE}(?:(?:lfd\.?|laufende) *(?:nr\.?|nummer)|gesamt-?(?:nr\.?|nummer)) *{_NUMBERS}"),
    _form(_ISSUE, "ger", rf"{_EDGE}(?:nr\.?|nro\.?|nummer|heft|stuck|numero) *{_NUMBERS}"),
    _form(_ISSUE, "ger", rf"{_EDGE}(?:nrn\.?|nummern) *{_PLURAL}"),
    _form(_SUPPLEMENT, "ger", rf"{_EDGE}(?:(?P<first>\d{{1,2}})\. *)?beilage(?: +(?:nr\.? *)?(?P<last>\d+))?{_END}"),
    _form(_SUPPLEMENT, "ger", rf"{_EDGE}(?:sonder|unterhaltungs|sonntags|literatur)-?beilage{_MAYBE}"),
    _form(_EXTRA, "ger", rf"{_EDGE}(?:extra-?(?:blatt|ausgabe)|sonder-?(?:ausgabe|nummer|blatt|heft)){_MAYBE}"),
    _form(_EDITION, "ger", rf"{_EDGE}(?:(?:{_KINDS_OF_AUSGABE})s?-?ausgabe|ausgabe +[A-Z]){_END}"),
    _form(_EDITION, "ger", rf"{_EDGE}(?:morgen|abend|mittags?)-?blatt{_END}", _IN_NAME),
)
_FRENCH = (
    _form(_VOLUME, "fre", rf"{_EDGE}(?:tome|t\.) *{_NUMBERS}"),
    _form(_VOLUME, "fre", rf"(?<![a-z\d])(?P<first>\d+|[MDCLXVI]+) *(?:ere|re|er|eme|e|me)\.? +annee{_END}"),
    _form(_VOLUME, "fre", rf"{_EDGE}annee +{_NUMBERS}"),
    _form(_ISSUE, "fre", rf"{_EDGE}(?:n ?°|no\.?|numero|num\.) *{_NUMBERS}"),
    _form(_ISSUE, "fre", rf"{_EDGE}(?:n ?°s|n\.? ?os|nos|numeros) *{_PLURAL}"),
    _form(_SUPPLEMENT, "fre", rf"{_EDGE}supplement(?: +(?:{_KINDS_OF_SUPPLEMENT}))?{_MAYBE}"),
    _form(_EXTRA, "fre", rf"{_EDGE}(?:edition +speciale|numero +special|hors-serie){_MAYBE}"),
    _form(_EDITION, "fre", rf"{_EDGE}edition +(?:du|de) +(?:{_TIMES_OF_EDITION}){_END}"),
    _form(_EDITION, "fre", rf"{_EDGE}(?:(?:{_WHICH_EDITION})|(?P<first>\d)e) +edition{_END}"),
)
FORMS = (*_EAST_ASIAN, *_ENGLISH, *_GERMAN, *_FRENCH)
