"""A dossier that is being taken over hears nobody: what it heard then, the one that goes on would never know."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from workflows.dossier import Dossier
    from workflows.journal import refusal


class Leaving(Dossier):
    """Sends away what comes between the list of what is carried and the closing; who sent it keeps it, and the dossier
    that goes on hears it (`dispatch`)."""

    leaves = False

    def may_take(self, command: AnswerRequest) -> None:
        """Not while the dossier goes."""
        self._stays()
        super().may_take(command)

    def may_hear(self, command: ReportFact) -> None:
        """Not while the dossier goes."""
        self._stays()
        super().may_hear(command)

    def _stays(self) -> None:
        if self.leaves:
            text = "Dit dossier gaat juist over naar een ander fonds. Uw opdracht is bewaard en wordt daar verwerkt."
            raise refusal("NoAnswerYet", text)
