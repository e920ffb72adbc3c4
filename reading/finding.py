"""Finding dossiers by what people remember of them: a number, an employer, an enterprise number, a name, a text."""

import re

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.words import Fund
from reading.asked import Asked
from reading.spelling import Field

_SHORTEST = len("%abc%")
"""Three letters is what the index knows; two are looked for dossier by dossier."""
ENOUGH = 2_000
"""As many dossiers are looked up by their words; when there are more, the list is walked and looked at one by one."""
_NUMBER = re.compile(r"(?:BE\s?)?[\d.\s]{9,}", re.IGNORECASE)
PARTS = {Field.EMPLOYER: "words.employer_words", Field.PERSON: "words.people", Field.DOSSIER: "lower(words.dossier)"}
"""Which part of `dossier_words` a field is about."""
FOUND = "SELECT dossiers_found(CAST(:likes AS text[]), CAST(:funds AS text[]), :closed, :most)"


def needle(word: str) -> str:
    """What is looked for: a pattern for LIKE. An enterprise number is the same with and without points."""
    spelled = re.sub(r"\D", "", word) if _NUMBER.fullmatch(word.strip()) else word.strip()
    escaped = spelled.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def conditions(asked: Asked) -> tuple[list[str], dict[str, object]]:
    """What a row `words` of `dossier_words` must be like: every free word, and one of the names given for a field.

    What is sought is folded once, as a subquery: in a prepared plan it would be folded again for every row.
    """
    said: list[str] = []
    values: dict[str, object] = {}
    for group, part in _groups(asked):
        names = [f"word_{len(values) + place}" for place in range(len(group))]
        said.append(f"({' OR '.join(f'{part} LIKE (SELECT folded(:{name}))' for name in names)})")
        values |= dict(zip(names, group, strict=True))
    return said, values


async def dossiers_with(
    connection: AsyncConnection, asked: Asked, funds: tuple[Fund, ...], *, closed: bool = False
) -> tuple[str, ...] | None:
    """Numbers of the open (or closed) dossiers that can match; None when no words are asked, or too many have them.

    The way in is the group of words that says most. The list itself looks at all conditions again.
    """
    ways = [group for group, _ in _groups(asked) if min(map(len, group)) >= _SHORTEST]
    if not ways:
        return None
    way = max(ways, key=lambda group: min(map(len, group)))
    with_all = [group[0] for group in ways if len(group) == 1 and group is not way]
    found: set[str] = set()
    for pattern in way:
        values = {"likes": [pattern, *with_all], "funds": list(funds), "closed": closed, "most": ENOUGH + 1}
        found.update((await connection.execute(text(FOUND), values)).scalars())
        if len(found) > ENOUGH:
            return None
    return tuple(sorted(found))


def _groups(asked: Asked) -> list[tuple[list[str], str]]:
    """Patterns of which one must be found, and where."""
    words = [([needle(word)], "words.words") for word in asked.words]
    named = [([needle(str(value)) for value in asked.values(field)], part) for field, part in PARTS.items()]
    return words + [(group, part) for group, part in named if group]
