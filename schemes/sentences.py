"""What a person reads when a check did not pass: plain words that say what is wrong and what to do.

The texts stand in `wording_nl`, `wording_fr` and `wording_en`. A key is the code of the check, after a dot the case
where a code has several sentences. `{name:spec}` takes a value of the check and writes it: `date` as dd/mm/yyyy,
`euro` with a decimal comma, `number` without needless zeros, `fund` by name and `area` by its territory, `fields` and
`lever` in words, `term` such as three months. What is personal is only there when the caller passes it from a row;
without it the key that ends in `.unnamed` is used.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from string import Formatter
from types import MappingProxyType, ModuleType

from models.messages.words import Fund, Language
from schemes import wording_en, wording_fr, wording_nl
from schemes.checks import Check
from schemes.money import euro

WORDINGS: Mapping[str, ModuleType] = MappingProxyType(
    {Language.DUTCH: wording_nl, Language.FRENCH: wording_fr, Language.ENGLISH: wording_en}
)
FUND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Fund.INOM: "INOM",
        Fund.ANTWERPEN: "mtech+ Antwerpen",
        Fund.LIMBURG: "mtech+ Limburg",
        Fund.OOST_VLAANDEREN: "mtech+ Oost-Vlaanderen",
        Fund.WEST_VLAANDEREN: "mtech+ West-Vlaanderen",
        Fund.VLAAMS_BRABANT: "RTM Vlaams-Brabant",
        Fund.INOM_BEDIENDEN: "INOM Bedienden",
        Fund.BRABANT: "mtech+ Brabant",
    }
)
_NOBODY: Mapping[str, str] = MappingProxyType({})


def sentence(check: Check, language: str = "nl", personal: Mapping[str, str] = _NOBODY) -> str:
    """The sentence of a check that did not pass; a language without wording gets Dutch.

    `personal` holds what stands in erasable rows: `iban`, `asked_as_typed`, and per participant line `name:3` and
    `birth_date:3` (ISO). Whatever is missing there is written around. Raises KeyError for a code without a sentence.
    """
    wording = WORDINGS.get(language, wording_nl)
    words = dict(check.values)
    words |= {name: personal[name] for name in ("iban", "asked_as_typed") if name in personal}
    if lines := check.values.get("lines", ""):
        words |= _people(lines.split(","), personal, wording)
    if check.code == "BIJLAGE_ONTBREEKT":
        keys = [_key(f"{check.code}.{document}", wording) for document in words.get("missing", "").split(",")]
    else:
        keys = [_named(_key(".".join(filter(None, (check.code, words.get("case")))), wording), words, wording)]
    texts = (_Writer(wording).vformat(wording.SENTENCES[key], (), words).replace(" ,", ",") for key in keys)
    return " ".join(text[0].upper() + text[1:] for text in texts)


def _key(key: str, wording: ModuleType) -> str:
    """The key itself, or the plain code when the case or document has no sentence of its own."""
    return key if key in wording.SENTENCES else key.split(".")[0]


def _named(key: str, words: Mapping[str, str], wording: ModuleType) -> str:
    """The key, or the one that goes without the personal words that were not passed."""
    needed = {name for _, name, _, _ in Formatter().parse(wording.SENTENCES[key]) if name}
    unnamed = f"{key}.unnamed"
    return unnamed if not needed <= words.keys() and unnamed in wording.SENTENCES else key


def _people(lines: list[str], personal: Mapping[str, str], wording: ModuleType) -> dict[str, str]:
    """Who is meant, by name when the caller knows it, else by line number."""
    names = [personal.get(f"name:{line}", f"{wording.WORDS['participant']} {line}") for line in lines]
    born = personal.get(f"birth_date:{lines[0]}") if len(lines) == 1 else None
    who = f" {wording.WORDS['and']} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return {"who": who} | ({"birth_date": born} if born else {})


class _Writer(Formatter):
    """Writes the values of a check as people do; a specification that is not listed is a defect and raises KeyError."""

    def __init__(self, wording: ModuleType) -> None:
        self.words: Mapping[str, str] = wording.WORDS
        self.numbers: Mapping[str, str] = wording.NUMBERS

    def format_field(self, value: str, format_spec: str) -> str:
        match format_spec:
            case "":
                return value
            case "date":
                return f"{date.fromisoformat(value):%d/%m/%Y}"
            case "euro":
                return euro(Decimal(value))
            case "number":
                return f"{Decimal(value).normalize():f}".replace(".", ",")
            case "fund":
                return FUND_NAMES[value]
            case "area":
                return self.words[f"area.{value}"]
            case "lever":
                return self.words[value]
            case "fields":
                return ", ".join(self.words[name] for name in value.split(","))
            case "term":
                return self._term(value)
        raise KeyError(format_spec)

    def _term(self, text: str) -> str:
        """A term of a policy in words: "3 months" becomes "drie maanden"."""
        amount, unit = text.partition(",")[0].split(" ", 1)
        return f"{self.numbers.get(amount, amount)} {self.words[unit]}"
