"""A subsidy that writes a line in each phase."""

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DossierState, Ending
    from tests.privacy.turns import PASSAGES, Passage
    from workflows.subsidy import Subsidy


@workflow.defn(name="Subsidy", versioning_behavior=VersioningBehavior.PINNED)
class TalkativeSubsidy(Subsidy):
    """As the real one."""

    @workflow.init
    def __init__(self, state: DossierState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _state: DossierState) -> Ending:
        """The same phases."""
        return await self.live(
            self.intake, self.review, self.approval, self.evidence, self.determination, self.payment, self.follow_up
        )

    async def _enter(self, phase: str) -> None:
        await super()._enter(phase)
        PASSAGES.append(Passage(phase, replayed=workflow.unsafe.is_replaying_history_events()))
        workflow.logger.info("phase_entered", extra={"phase": phase})
