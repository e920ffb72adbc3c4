"""A later build of the story of a subsidy: it says of every phase that it entered it."""

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DossierState, Ending
    from models.messages.events import Reported
    from workflows.subsidy import Subsidy

NEWS = "entered_by_next_build"


@workflow.defn(name="Subsidy", versioning_behavior=VersioningBehavior.PINNED)
class SubsidyOfTheNextBuild(Subsidy):
    """As before, and it tells more."""

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
        self.note(Reported(fact=NEWS, on=self.today(), values={"phase": phase}))
