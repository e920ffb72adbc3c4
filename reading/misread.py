"""What of a typed question was not understood, and what is possible there: told in the language of who typed it."""

from collections.abc import Mapping

from models.errors import Refusal
from models.messages.words import Fund
from reading.spelling import CHOICES, FIELDS, HOLDERS, Field, Spelled


class Misread(Refusal):
    """A part of a question that says nothing. The message is Dutch; `in_` tells it in the language of the reader."""

    def __init__(self, code: str, field: Field | None = None, **named: object) -> None:
        self._field, self._named = field, named
        super().__init__(code, self._told(code, "nl"))

    def in_(self, language: str) -> str:
        """The sentence in a language; Dutch when there is none of its own."""
        return self._told(self.code, language)

    def _told(self, code: str, language: str) -> str:
        told = MISTAKES[code].in_(language).format(fields=_choices(FIELDS, language), **self._named)
        return told if self._field is None else f"{told} {_possible(self._field, language)}"


MISTAKES: Mapping[str, Spelled] = {
    "QueryTooLong": Spelled(
        "De zoekvraag is langer dan {longest} tekens. Maak ze korter.",
        "La recherche dépasse {longest} caractères. Raccourcissez-la.",
        "The search is longer than {longest} characters. Make it shorter.",
    ),
    "UnknownField": Spelled(
        "Ik begrijp '{name}:' niet. U kunt zoeken met {fields}. "
        'Is het gewone tekst, zet ze dan tussen aanhalingstekens: "{token}".',
        "Je ne comprends pas '{name}:'. Vous pouvez chercher avec {fields}. "
        'Si c\'est du texte, mettez-le entre guillemets : "{token}".',
        "I do not understand '{name}:'. You can search with {fields}. "
        'If it is plain text, put it between quotes: "{token}".',
    ),
    "NoBound": Spelled(
        "Bij '{name}:' kan geen '{relation}' staan; dat kan wel bij tegen: en bedrag:.",
        "'{relation}' ne peut suivre '{name}:' ; c'est possible avec avant: et montant:.",
        "'{name}:' cannot be followed by '{relation}'; due: and amount: can.",
    ),
    "NoValue": Spelled(
        "Achter '{name}:' staat niets.", "Il n'y a rien après '{name}:'.", "There is nothing after '{name}:'."
    ),
    "UnknownValue": Spelled(
        "Ik begrijp '{typed}' achter '{name}:' niet.",
        "Je ne comprends pas '{typed}' après '{name}:'.",
        "I do not understand '{typed}' after '{name}:'.",
    ),
}
_ONE_OF = Spelled("Mogelijk zijn {choices}.", "Sont possibles {choices}.", "Possible are {choices}.")
_SOMEBODY = Spelled(
    "Mogelijk zijn {choices}, of de naam of code van een collega.",
    "Sont possibles {choices}, ou le nom ou le code d'un collègue.",
    "Possible are {choices}, or the name or code of a colleague.",
)
_A_DAY = Spelled(
    "Schrijf een dag, zoals tegen:<2026-12-01 of tegen:01/12/2026.",
    "Écrivez un jour, comme avant:<2026-12-01 ou avant:01/12/2026.",
    "Write a day, such as due:<2026-12-01 or due:01/12/2026.",
)
_AN_AMOUNT = Spelled(
    "Schrijf een bedrag in euro, zoals bedrag:>5000 of bedrag:<=1.250,50.",
    "Écrivez un montant en euros, comme montant:>5000 ou montant:<=1.250,50.",
    "Write an amount in euro, such as amount:>5000 or amount:<=1.250,50.",
)
_A_NAME = Spelled(
    'Schrijf een naam of een nummer; met spaties tussen aanhalingstekens, zoals werkgever:"De Smet bv".',
    'Écrivez un nom ou un numéro ; avec des espaces entre guillemets, comme employeur:"De Smet bv".',
    'Write a name or a number; with spaces between quotes, such as employer:"De Smet bv".',
)
_FREE = {Field.EMPLOYER: _A_NAME, Field.PERSON: _A_NAME, Field.DOSSIER: _A_NAME, Field.DUE: _A_DAY}
_FREE[Field.AMOUNT] = _AN_AMOUNT


def _possible(field: Field, language: str) -> str:
    """What may stand behind a field."""
    match field:
        case Field.FUND:
            return _ONE_OF.in_(language).format(choices=", ".join(Fund))
        case Field.LEAD:
            return _SOMEBODY.in_(language).format(choices=_choices(HOLDERS, language))
        case _ if field in _FREE:
            return _FREE[field].in_(language)
        case _:
            return _ONE_OF.in_(language).format(choices=_choices(CHOICES[field], language))


def _choices(spellings: Mapping[str, Spelled], language: str) -> str:
    return ", ".join(spelled.in_(language) for spelled in spellings.values())
