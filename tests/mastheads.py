"""Made-up mastheads in five languages, as small transcripts. The towns, papers and numbers do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Example:
    """A transcript and what its masthead says."""

    text: str
    title: str
    language: str
    script: str
    issued: date
    volume: str = ""
    issue: str = ""
    whole: int | None = None
    publisher: str = ""
    parallel: str = ""


EXAMPLES: dict[str, Example] = {
    "simplified": Example(
        "# 柳湾晚报\n\nLIUWAN EVENING POST\n\n二〇一九年五月四日 星期六\n\n农历己亥年三月三十\n\n"
        "国内统一刊号:CN 11-0001  ISSN 1234-5679\n\n第9、10期合刊\n\n总第631期\n\n柳湾县文化馆主办\n\n第一版\n\n"
        "## 河边种下三百棵柳树\n\n昨天,人们在河边种下了三百棵柳树,孩子们给每一棵都起了名字。\n",
        "柳湾晚报", "chi", "Hans", date(2019, 5, 4), issue="9-10", whole=631, publisher="柳湾县文化馆",
        parallel="LIUWAN EVENING POST",
    ),
    "traditional": Example(
        "# 石橋週報\n\n中華民國三十八年五月七日 星期六\n\n第三卷第十二期\n\n發行人:石橋文會\n\n定價:每份二角\n\n"
        "## 橋頭的鐘又響了\n\n橋頭的鐘停了三年,昨日又響了起來,學堂的孩子們跑出來聽。\n",
        "石橋週報", "chi", "Hant", date(1949, 5, 7), volume="3", issue="12", publisher="石橋文會",
    ),
    "english": Example(
        "# Larkholm Mercury\n\nVOL. XIIII.—NO. 3/4\n\nWhole No. 1,204\n\nTuesday, May 3rd, 1892\n\n"
        "ISSN 2049-3630  LCCN sn 83-45120\n\nPublished by the Larkholm Reading Society, Mill Lane, Larkholm\n\n"
        "## The weir is to be mended\n\nThe parish agreed on Friday that the weir is to be mended before the autumn.\n",
        "Larkholm Mercury", "eng", "Latn", date(1892, 5, 3), volume="14", issue="3-4", whole=1204,
        publisher="Larkholm Reading Society",
    ),
    "german": Example(
        "# Ebersrieder Wochenblatt\n\nNr. 12–13 · XII. Jahrgang · Sonnabend, den 28. März 1908\n\n"
        "Lfd. Nr. 812\n\nMorgenausgabe\n\nHerausgegeben vom Leseverein Ebersried, Am Anger, Ebersried\n\n"
        "Preis 10 Pfennig\n\n"
        "## Der neue Steg ist fertig\n\nDer neue Steg über die Lauter ist fertig, und die Kinder gehen auf ihm zur "
        "Schule. Das Holz ist aus dem Wald des Klosters.\n",
        "Ebersrieder Wochenblatt", "ger", "Latn", date(1908, 3, 28), volume="12", issue="12-13", whole=812,
        publisher="Leseverein Ebersried",
    ),
    "french": Example(
        "# L’Écho de Valbrune\n\n12e année. — N° 34\n\nDimanche 1er mai 1904\n\nédition du soir\n\n"
        "Publié par la Société des Amis du Livre, rue du Pont, Valbrune\n\nPrix : 5 centimes\n\n"
        "## Le vieux pont est réparé\n\nLe vieux pont est réparé et les charrettes passent de nouveau sur la rivière. "
        "Les enfants de l'école ont chanté pour le maire.\n",
        "L’Écho de Valbrune", "fre", "Latn", date(1904, 5, 1), volume="12", issue="34",
        publisher="Société des Amis du Livre",
    ),
    "republican": Example(
        "# Le Courrier de Valbrune\n\nN° 7\n\nSextidi 26 brumaire, an VII de la République\n\n"
        "## La récolte\n\nLa récolte est bonne dans les villages et le grain arrive par les routes du nord.\n",
        "Le Courrier de Valbrune", "fre", "Latn", date(1798, 11, 16), issue="7",
    ),
    "japanese": Example(
        "# 霧ヶ浜新報\n\n令和元年五月四日(土曜日)\n\n第1234号\n\n通巻第5678号\n\n夕刊\n\n"
        "発行所:霧ヶ浜新報社\n\n定価:百円\n\n"
        "## 灯台にあかりがもどる\n\n"
        "三年ぶりに灯台のあかりがもどり、港の人びとが集まった。\n",
        "霧ヶ浜新報", "jpn", "Jpan", date(2019, 5, 4), issue="1234", whole=5678, publisher="霧ヶ浜新報社",
    ),
}  # fmt: skip
