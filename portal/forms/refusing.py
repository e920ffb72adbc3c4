"""Refusals of the pages outside, told in the visitor's language."""

from models.errors import Refusal
from portal.language import Tongue


class Refused(Refusal):
    """A rule says no. `text` is a Dutch sentence of the catalogues, with places for `values`."""

    def __init__(self, code: str, text: str, **values: object) -> None:
        super().__init__(code, text % values if values else text)
        self.text, self.values = text, values


def in_words(say: Tongue, refusal: Refusal) -> str:
    """The sentence in the visitor's language; one of another room as it was written."""
    return say(refusal.text, **refusal.values) if isinstance(refusal, Refused) else refusal.message
