"""What a person says of letters on paper: they are in the post, they are not after all, or one came back."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from portal.language import marked as _
from portal.refusals import Refused
from returned_mail.taking_in import came_back
from returned_mail.wanted import WITHDRAWN_SINCE, asked_no_more

_POST = """
    UPDATE effect SET state = 'posted', posted_at = :at, posted_by = :by,
        leaves_on = CASE WHEN effect.state = 'to_print' THEN leaves_on END
    FROM letter
    WHERE letter.effect = effect.effect AND letter.on_paper AND letter.fund = ANY (:funds)
        AND effect.effect = ANY (:effects) AND effect.state IN ('to_print', 'unreachable')
    RETURNING effect.effect
"""
_SAID_THEN = f"""
    SELECT effect.effect, effect.dossier, effect.occasion,
        {WITHDRAWN_SINCE.format(moment="effect.posted_at")} AS withdrawn
    FROM effect JOIN letter USING (effect)
    WHERE letter.fund = ANY (:funds) AND effect.state = 'posted' AND posted_at = :at AND posted_by = :by
    FOR UPDATE OF effect
"""
"""What was withdrawn while a letter was thought to be on its way stays in the house, as if it had lain there."""
_BACK = """
    UPDATE effect SET posted_at = NULL, posted_by = NULL,
        state = CASE WHEN effect = ANY (:over) THEN 'withdrawn' WHEN channel = 'letter' THEN 'to_print'
            ELSE 'unreachable' END
    WHERE effect = ANY (:effects)
"""
_OF_FUND = """
    SELECT effect.effect FROM effect JOIN letter USING (effect)
    WHERE effect.effect = :effect AND letter.fund = ANY (:funds) AND effect.state = 'posted'
"""


async def post(engine: AsyncEngine, effects: Sequence[str], by: str, funds: Collection[str]) -> tuple[int, datetime]:
    """These letters are in the post; returns how many, and the moment by which that is taken back.

    Raises:
        Refused: none of them waits.
    """
    at = datetime.now(UTC)
    said = {"effects": list(effects), "by": by, "funds": list(funds), "at": at}
    async with transaction(engine) as connection:
        done = (await connection.execute(text(_POST), said)).scalars().all()
    if not done:
        raise Refused("NothingToPost", _("Geen van deze brieven wacht nog. Kies er een uit de lijst."))
    return len(done), at


async def take_back(engine: AsyncEngine, at: datetime, by: str, funds: Collection[str]) -> int:
    """What this person said to be in the post at this moment is not; returns how many letters wait again. One that
    nobody wants any more, because its question ended meanwhile, does not.

    Raises:
        Refused: nothing was said then, or it was taken back already.
    """
    async with transaction(engine) as connection:
        said = {"at": at, "by": by, "funds": list(funds)}
        found = (await connection.execute(text(_SAID_THEN), said)).all()
        if not found:
            raise Refused("NothingPosted", _("Er valt niets meer ongedaan te maken. Bekijk de lijst opnieuw."))
        over = [
            one.effect for one in found if one.withdrawn or await asked_no_more(connection, one.dossier, one.occasion)
        ]
        back = {"effects": [one.effect for one in found], "over": over}
        await connection.execute(text(_BACK), back)
    return len(found) - len(over)


async def undeliverable(engine: AsyncEngine, effect: str, funds: Collection[str], channels: Collection[str]) -> None:
    """A letter came back: nobody lives there. The address is noted and the dossier hears it.

    Raises:
        Refused: this letter was not posted, or is not of these funds.
    """
    async with transaction(engine) as connection:
        found = await connection.scalar(text(_OF_FUND), {"effect": effect, "funds": list(funds)})
        if found is None or not await came_back(connection, effect, "returned", channels, datetime.now(UTC)):
            raise Refused("NotPosted", _("Deze brief is niet verstuurd. Kies er een uit de lijst."))
