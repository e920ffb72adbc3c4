"""What is wrong with a field, in plain Dutch, from what pydantic found."""

from collections.abc import Callable, Mapping
from typing import Any

Context = Mapping[str, Any]


def sentence(error: Mapping[str, Any]) -> str:
    """The sentence for one fault; what was typed is not repeated, because it may be personal."""
    say = SENTENCES.get(error["type"])
    return say(error.get("ctx", {})) if say else "Deze waarde klopt niet. Kijk de beschrijving van het veld na."


def _always(text: str) -> Callable[[Context], str]:
    return lambda _: text


SENTENCES: Mapping[str, Callable[[Context], str]] = {
    "missing": _always("Dit veld is nodig."),
    "extra_forbidden": _always("Dit veld kennen wij niet. Laat het weg of kijk de spelling na."),
    "enum": lambda told: f"Kies een van: {told['expected']}.",
    "literal_error": lambda told: f"Kies een van: {told['expected']}.",
    "union_tag_invalid": lambda told: f"Kies bij {told['discriminator']} een van: {told['expected_tags']}.",
    "union_tag_not_found": lambda told: f"Zeg met het veld {told['discriminator']} wat dit is.",
    "string_type": _always("Dit moet tekst zijn."),
    "string_unicode": _always("In deze tekst staan tekens die geen tekens zijn."),
    "string_too_short": lambda told: f"Dit is te kort: minstens {told['min_length']} tekens.",
    "string_too_long": lambda told: f"Dit is te lang: hoogstens {told['max_length']} tekens.",
    "string_pattern_mismatch": lambda told: f"Dit heeft niet de juiste vorm ({told['pattern']}).",
    "too_short": lambda told: f"Dit zijn er te weinig: minstens {told['min_length']}.",
    "too_long": lambda told: f"Dit zijn er te veel: hoogstens {told['max_length']}.",
    "int_type": _always("Dit moet een geheel getal zijn."),
    "int_parsing": _always("Dit moet een geheel getal zijn."),
    "bool_type": _always("Dit moet true of false zijn."),
    "date_type": _always("Dit moet een dag zijn, zoals 2025-03-14."),
    "date_parsing": _always("Dit moet een dag zijn, zoals 2025-03-14."),
    "date_from_datetime_parsing": _always("Dit moet een dag zijn, zoals 2025-03-14."),
    "date_from_datetime_inexact": _always("Dit moet een dag zijn zonder uur, zoals 2025-03-14."),
    "list_type": _always("Dit moet een lijst zijn."),
    "dict_type": _always("Dit moet een object zijn."),
    "model_type": _always("Dit moet een object zijn."),
    "model_attributes_type": _always("Dit moet een JSON-object zijn, met content type application/json."),
    "greater_than_equal": lambda told: f"Dit is te weinig: minstens {told['ge']}.",
    "less_than_equal": lambda told: f"Dit is te veel: hoogstens {told['le']}.",
    "value_error": lambda told: str(told.get("error", "Deze waarde klopt niet.")),
}
