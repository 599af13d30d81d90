"""How mastheads and articles are usually worded in each language: the forms that a new profile is begun with.

A pattern here is the very pattern that goes into the profile when it fits a line.
"""

from __future__ import annotations

import re

# Fields of which the whole line is one form. The narrow before the wide.
STATEMENTS: tuple[tuple[str, str], ...] = (
    ("publisher", r"(?:主办单位|主辦單位|主办|主辦|出版单位|出版者|编印单位|發行人|发行单位)[:: ]\s*(?P<publisher>.+)"),
    ("publisher", r"(?P<publisher>.+?)\s*(?:编印|編印|主办|主辦|出版|编辑出版|印行|發行|发行)"),
    ("publisher", r"(?:発行所|発行者|発行人|発行)[:: ]\s*(?P<publisher>.+)"),
    ("publisher", r"(?P<publisher>.+?)\s*発行"),
    ("publisher", r"(?:Printed and |Edited and )?(?:Published|Issued)(?: weekly| daily| monthly| fortnightly)? by (?:the )?(?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),  # noqa: E501
    ("publisher", r"(?:Druck und )?Verlag(?: und Druck)?(?: von| der| des)?[:: ]\s*(?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),  # noqa: E501
    ("publisher", r"(?:Herausgegeben|Verlegt)(?: und gedruckt)? (?:von der|von dem|vom|von|bei) (?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),  # noqa: E501
    ("publisher", r"Herausgeber(?:in)?[:: ]\s*(?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),
    ("publisher", r"(?:Publié|Édité|Edité|Imprimé et publié) par (?:l[ea] |les |l['’])?(?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),  # noqa: E501
    ("publisher", r"(?:Éditeur|Editeur)[\s::]+(?P<publisher>[^,]+)(?:, (?P<place>.+?))?\.?"),
    ("statement", r"(?P<statement>内部(?:资料|刊物|交流|发行).*)"),
    ("statement", r"(?P<statement>(?:For (?:members|internal use|private circulation)|Not for sale).*)"),
    ("statement", r"(?P<statement>(?:Nicht im Handel|Nur für|Réservé aux|Hors commerce|非売品|会員).*)"),
    ("editor", r"(?:主编|主編|总编辑|總編輯|责任编辑|編集人|編集)[:: ]\s*(?P<editor>.+)"),
    ("editor", r"(?:Edited by|Editor(?:-in-chief)?:|Schriftleitung:?|Redaktion:?|Rédacteur en chef\s*:|Directeur\s*:)\s*(?P<editor>.+)"),  # noqa: E501
    ("hotline", r"(?:[一-鿿]*(?:电话|電話|热线|熱線))[::]?\s*(?P<hotline>[\d()() +-]+)"),
    ("recipients", r"(?:发送对象|发送范围)[::]?\s*(?P<recipients>.+)"),
    ("printer", r"(?:印刷单位|印刷所|印刷者|印刷)[:: ]\s*(?P<printer>.+)"),
    ("printer", r"(?:Printed by|Druck:|Druck von|Imprimerie|Imprimé par) (?:the )?(?P<printer>.+)"),
    ("print-date", r"印刷日期[::]?\s*(?P<print_date>.+)"),
    ("print-run", r"印[数數刷][数數]?[::]\s*(?P<print_run>\d+)\s*[份册冊]"),
    ("page-count", r"(?:今日|本期|共)?\s*(?P<page_count>\d+|[一二三四五六七八九十]+)\s*(?:个版|版面|版)"),
    ("price", r"(?:定价|定價|定価|售价|零售|每份)[:: ]?\s*(?P<price>.+)"),
    ("price", r"(?i:Price|Preis|Prix|Einzelpreis)\s*[:: ]\s*(?P<price>.+)"),
)  # fmt: skip
# A price within a line that says other things too.
PRICE = re.compile(r"(?i:price|preis|prix|定价|定價|定価)\s*[:: ]+(?P<price>[^,;|·]+)")
PERMIT = re.compile(r"(?:连续性内|連續性內|准印|準印|登记证|登記證|内资|出版物?许可|認可|Permit|Licence No|Lizenz)")
PERMIT_NUMBER = re.compile(r"[【\[〔(（].+[】\]〕)）].*\d.*[号號]?")
FREQUENCIES: tuple[tuple[str, str], ...] = (
    ("fortnightly", r"半月刊|双周|雙週|隔週|fortnightly|bi-?mensuel|vierzehntäg"),
    ("weekly", r"周报|周刊|週報|週刊|周報|每周|毎週|weekly|hebdomadaire|wochen(?:blatt|zeitung|schrift)|wöchentlich"),
    ("monthly", r"月刊|月报|月報|每月|monthly|mensuel|monats(?:blatt|schrift)|monatlich"),
    ("daily", r"日报|日報|每日|日刊|daily|quotidien|journalier|täglich|tag(?:es|e)?(?:blatt|zeitung)"),
)
# Articles: key → pattern. What the transcript shows goes into the profile, the rest beside it as a comment.
ARTICLES: dict[str, tuple[tuple[str, str], ...]] = {
    "chi": (
        ("byline", r"[((](?P<byline>(?:本报记者|特约记者|记者|記者|通讯员|通訊員|摄影|文/图).+)[))]"),
        ("name-separator", r"[\s、,,]+"),
        ("continuation", r"[((]下[转轉]第?(?P<page>[一二三四五六七八九十]+|\d+)版[))]"),
        ("index-entry", r"[-*·•]\s+(?P<headline>.+)"),
        ("index-pointer", r"[((][详詳][见見]第?(?P<page>[一二三四五六七八九十]+|\d+)版[))]"),
        ("page-marker", r"第(?P<page>[一二三四五六七八九十]+|\d+)版"),
    ),
    "jpn": (
        ("byline", r"[((](?P<byline>(?:記者|本紙記者|写真).+)[))]"),
        ("name-separator", r"[\s、,・]+"),
        ("continuation", r"[((](?P<page>[一二三四五六七八九十]+|\d+)面(?:へ|に)(?:続く|つづく)[))]"),
        ("index-entry", r"[-*・•]\s+(?P<headline>.+)"),
        ("page-marker", r"第?(?P<page>[一二三四五六七八九十]+|\d+)面"),
    ),
    "eng": (
        ("byline", r"By (?P<byline>[A-Z][\w.’'-]*(?:,? (?:and |de |van |von )?[A-Z][\w.’'-]*)*)"),
        ("name-separator", r"\s*,\s*(?:and\s+)?|\s+and\s+"),
        ("continuation", r"\(Continued on page (?P<page>\d+)\)"),
        ("index-entry", r"[-*]\s+(?P<headline>.+)"),
        ("index-pointer", r"See page (?P<page>\d+)"),
        ("page-marker", r"\[Page (?P<page>\d+)\]"),
    ),
    "ger": (
        ("byline", r"Von (?P<byline>[A-ZÄÖÜ][\w.’'-]*(?:,? (?:und |von |zu )?[A-ZÄÖÜ][\w.’'-]*)*)"),
        ("name-separator", r"\s*,\s*(?:und\s+)?|\s+und\s+"),
        ("continuation", r"\(Fortsetzung (?:auf|siehe) Seite (?P<page>\d+)\)"),
        ("index-entry", r"[-*]\s+(?P<headline>.+)"),
        ("index-pointer", r"Siehe Seite (?P<page>\d+)"),
        ("page-marker", r"\[Seite (?P<page>\d+)\]"),
    ),
    "fre": (
        ("byline", r"Par (?P<byline>[A-ZÀ-Ý][\w.’'-]*(?:,? (?:et |de |du )?[A-ZÀ-Ý][\w.’'-]*)*)"),
        ("name-separator", r"\s*,\s*(?:et\s+)?|\s+et\s+"),
        ("continuation", r"\([Ss]uite (?:en |à la )?page (?P<page>\d+)\)"),
        ("index-entry", r"[-*]\s+(?P<headline>.+)"),
        ("index-pointer", r"Voir page (?P<page>\d+)"),
        ("page-marker", r"\[Page (?P<page>\d+)\]"),
    ),
}
ROLES: dict[str, tuple[tuple[str, str], ...]] = {
    "chi": (
        ("记者", "rpt"),
        ("記者", "rpt"),
        ("本报记者", "rpt"),
        ("通讯员", "ctb"),
        ("通訊員", "ctb"),
        ("摄影", "pht"),
    ),
    "jpn": (("記者", "rpt"), ("本紙記者", "rpt"), ("写真", "pht")),
    "eng": (("Staff Reporter", "rpt"), ("Staff Reporters", "rpt"), ("Correspondent", "rpt"), ("Photographer", "pht")),
    "ger": (("Redakteur", "rpt"), ("Redakteurin", "rpt"), ("Korrespondent", "rpt"), ("Fotograf", "pht")),
    "fre": (("rédacteur", "rpt"), ("correspondant", "rpt"), ("photographe", "pht")),
}
EAST_ASIAN_PUNCTUATION = ("。!?!?…::.", "”’』」)》)】\"'")
