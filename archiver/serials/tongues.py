"""Which language and script a text is in: Chinese (simplified or traditional), Japanese, English, German or French."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_SAMPLE = 20_000  # characters
_KANA = re.compile(r"[\u3041-\u309f\u30a1-\u30fa]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
# Characters of which one form is used in one script alone; those that Japanese shares with either are left out.
_SIMPLIFIED = frozenset("们这说对时为报发动见长门问间东车马鸟鱼龙书办业产亲从众优传伤价华单卖卫厂厅历压县")
_TRADITIONAL = frozenset(
    "們這說對時為報發動見長門問間東車馬鳥魚龍書辦業產親從眾優傳傷價華單賣衛廠廳歷壓縣國會學灣號週臺"
)
_COMMON = {
    "eng": r"the|of|and|to|in|is|was|by|for|on|with|that|from|at|his|her|were|which|published",
    "ger": r"der|die|das|und|den|von|zu|mit|ist|im|auf|für|nicht|ein|eine|dem|des|am|aus|bei|nach|wird",
    "fre": r"le|la|les|des|et|du|une|dans|est|que|pour|par|sur|au|aux|avec|ce|qui|ne|pas|à|été|l'an",
}
_WORDS = {language: frozenset(words.split("|")) for language, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language (ISO 639-2/B) and script (ISO 15924), and whether the text leaves no doubt."""

    language: str
    script: str
    sure: bool


def tongue(text: str) -> Tongue:
    """The language and script of a text, told by its characters and its commonest words."""
    sample = text[:LONGEST_SAMPLE]
    han, latin = len(_HAN.findall(sample)), len(_LATIN.findall(sample))
    kana = len(_KANA.findall(sample))
    if han + kana > latin // 3 and han + kana:
        return _east_asian(sample, han, kana)
    words = [word.lower() for word in _WORD.findall(sample)]
    counts = {language: sum(word in known for word in words) for language, known in _WORDS.items()}
    order = sorted(counts, key=lambda language: (-counts[language], language != "eng", language))
    best, second = order[0], order[1]
    sure = counts[best] >= 3 and counts[best] > 2 * counts[second]
    return Tongue(best, "Latn", sure)


def _east_asian(sample: str, han: int, kana: int) -> Tongue:
    if kana * 20 > han or re.search("曜日|令和|平成|昭和|発行", sample):
        return Tongue("jpn", "Jpan", kana * 20 > han)
    simplified = sum(sign in _SIMPLIFIED for sign in sample)
    traditional = sum(sign in _TRADITIONAL for sign in sample)
    script = "Hant" if traditional > simplified else "Hans"
    return Tongue("chi", script, abs(simplified - traditional) >= 2)
