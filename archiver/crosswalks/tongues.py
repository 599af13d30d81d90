"""Languages and scripts as other systems write them: BCP 47 tags, words of a note, what sorting passes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.serial import Title

# ISO 639-2/B → the shortest code, as BCP 47 wants it, and the English name. What is not here keeps its three letters.
_TONGUES: Mapping[str, tuple[str, str]] = {
    "ara": ("ar", "Arabic"),
    "bul": ("bg", "Bulgarian"),
    "cat": ("ca", "Catalan"),
    "chi": ("zh", "Chinese"),
    "cze": ("cs", "Czech"),
    "dan": ("da", "Danish"),
    "dut": ("nl", "Dutch"),
    "eng": ("en", "English"),
    "fin": ("fi", "Finnish"),
    "fre": ("fr", "French"),
    "ger": ("de", "German"),
    "gle": ("ga", "Irish"),
    "gre": ("el", "Greek"),
    "heb": ("he", "Hebrew"),
    "hin": ("hi", "Hindi"),
    "hrv": ("hr", "Croatian"),
    "hun": ("hu", "Hungarian"),
    "ice": ("is", "Icelandic"),
    "ind": ("id", "Indonesian"),
    "ita": ("it", "Italian"),
    "jpn": ("ja", "Japanese"),
    "kor": ("ko", "Korean"),
    "lat": ("la", "Latin"),
    "may": ("ms", "Malay"),
    "mon": ("mn", "Mongolian"),
    "nor": ("no", "Norwegian"),
    "per": ("fa", "Persian"),
    "pol": ("pl", "Polish"),
    "por": ("pt", "Portuguese"),
    "rum": ("ro", "Romanian"),
    "rus": ("ru", "Russian"),
    "slo": ("sk", "Slovak"),
    "slv": ("sl", "Slovenian"),
    "spa": ("es", "Spanish"),
    "srp": ("sr", "Serbian"),
    "swe": ("sv", "Swedish"),
    "tha": ("th", "Thai"),
    "tib": ("bo", "Tibetan"),
    "tur": ("tr", "Turkish"),
    "uig": ("ug", "Uighur"),
    "ukr": ("uk", "Ukrainian"),
    "urd": ("ur", "Urdu"),
    "vie": ("vi", "Vietnamese"),
    "wel": ("cy", "Welsh"),
    "yid": ("yi", "Yiddish"),
}
_UNSAID = {"ja": "Jpan", "ko": "Kore", "he": "Hebr", "el": "Grek", "ru": "Cyrl", "ar": "Arab", "th": "Thai"}
_LATIN = ("en", "fr", "de", "es", "it", "nl", "pt", "sv", "da", "no", "fi", "pl", "cs", "hu", "la", "vi", "tr", "cy")
_SCRIPTS = {
    "Hans": "Chinese characters, simplified",
    "Hant": "Chinese characters, traditional",
    "Hani": "Chinese characters",
    "Jpan": "Japanese script",
    "Kore": "Korean script",
    "Cyrl": "Cyrillic",
    "Arab": "Arabic script",
    "Hebr": "Hebrew script",
    "Grek": "Greek script",
    "Mong": "Mongolian script",
    "Tibt": "Tibetan script",
}
_ARTICLES = {
    "eng": ("The ", "A ", "An "),
    "fre": ("Le ", "La ", "Les ", "L'", "L’", "Un ", "Une ", "Des "),
    "ger": ("Der ", "Die ", "Das ", "Ein ", "Eine "),
    "spa": ("El ", "La ", "Los ", "Las ", "Un ", "Una "),
    "ita": ("Il ", "La ", "Lo ", "I ", "Gli ", "Le ", "L'", "L’", "Un ", "Una "),
    "dut": ("De ", "Het ", "Een "),
}


def tag(language: str, script: str = "") -> str:
    """The BCP 47 tag of a language (ISO 639-2/B) and script; a script that goes without saying is left out.

    Empty without a language: "chi", "Hans" is zh-Hans; "eng", "Latn" is en.
    """
    short = _TONGUES.get(language, (language, ""))[0]
    unsaid = "Latn" if short in _LATIN else _UNSAID.get(short, "")
    return f"{short}-{script}" if short and script and script != unsaid else short


def romanised_tag(title: Title) -> str:
    """The tag of the romanised form of a title. ALA-LC takes pinyin for Chinese, with every syllable by itself."""
    short = tag(title.language)
    return f"{short}-Latn-pinyin" if short == "zh" else f"{short}-Latn" if short else ""


def named(language: str) -> str:
    """The name of a language in English; its code when we have no name for it."""
    return _TONGUES.get(language, ("", language))[1]


def script_named(script: str) -> str:
    """The name of a script that is worth a note; empty for Latin."""
    return "" if script in {"", "Latn"} else _SCRIPTS.get(script, script)


def nonfiling(text: str, language: str) -> int:
    """How many characters at the beginning of a title are an article, which sorting passes over: 0 to 9."""
    return next((len(word) for word in _ARTICLES.get(language, ()) if text.startswith(word)), 0)
