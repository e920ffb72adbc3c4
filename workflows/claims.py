"""What staff and the bank may say about claims at any time: order one, plan its parts, tell what came in."""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, Actor, OrderRecovery, PlanRecovery, RecoveryPaid
    from models.messages.dossier import Claim
    from models.messages.events import RecoveryPart, RecoveryPlanned
    from models.messages.words import Role
    from schemes.recoveries import PlanError, check_plan
    from workflows.journal import refusal
    from workflows.recovery import Recovery

ORDERS = frozenset({Role.FINANCE, Role.HANDLER})
"""Who may propose to claim money back unasked."""


class Claims(Recovery):
    """Commands about money that comes back."""

    @workflow.update
    async def order_recovery(self, command: OrderRecovery) -> Accepted:
        """Propose to claim money back; a second person is asked to agree."""
        if self._proposed(command) is not None:
            return await self.stored(self.state.recorded, repeated=True)
        self.state.acted["recovery_order"] = command.by.person
        self.state.acted_for.pop("recovery_order", None)
        if command.by.for_person is not None:
            self.state.acted_for["recovery_order"] = command.by.for_person
        return await self.stored(self.claim(command.amount, command.reason, by=command.by.person))

    @order_recovery.validator
    def _may_order(self, command: OrderRecovery) -> None:
        self._open_to_staff(command.by, ORDERS)
        if self._proposed(command) is not None:
            return
        if not 0 < command.amount <= self.claimable:
            text = f"Er kan hoogstens {self.claimable} euro teruggevorderd worden: wat betaald is en niet al terugkomt."
            raise refusal("AbovePaid", text)

    def _proposed(self, command: OrderRecovery) -> str | None:
        """The same proposal, that nobody agreed to yet."""
        said = (command.amount, command.reason)
        waiting = (claim for claim in self.state.claims.values() if claim.stage == "approval")
        return next((claim.recovery for claim in waiting if (claim.amount, claim.reason) == said), None)

    def _open_to_staff(self, by: Actor, roles: frozenset[Role]) -> None:
        """Raises a refusal unless this is somebody of the fund with one of the roles, and the dossier still listens."""
        if by.fund != self.state.fund or not roles & by.roles:
            raise refusal("WrongRole", f"Dit is voor {' of '.join(sorted(roles))} van fonds {self.state.fund}.")
        if self.state.story < 2:
            raise refusal("OlderStory", "Dit dossier begon voor deze werkwijze bestond; het kent deze stap niet.")
        if self._closed:
            raise refusal("Closing", "Dit dossier wordt al afgesloten.")

    @workflow.update
    async def plan_recovery(self, command: PlanRecovery) -> Accepted:
        """Let a claim be paid back in parts; what is late is asked by the plan from now on."""
        claim = self.state.claims[command.recovery]
        if claim.parts[-len(command.parts) :] == command.parts:
            return await self.stored(self.state.recorded, repeated=True)
        self.drop_beside(claim.task)
        received = RecoveryPart(until=self.today(), amount=claim.received)
        claim.parts = (received, *command.parts) if claim.received else command.parts
        claim.stage, claim.due = "open", None
        fact = RecoveryPlanned(recovery=claim.recovery, parts=command.parts)
        sequence = self.note(fact, by=command.by.person)
        last, parts = command.parts[-1].until, "|".join(f"{part.until}={part.amount}" for part in command.parts)
        self.write_about(
            claim, "recovery_planned", f"{claim.recovery}/{sequence}", self._left(claim), last, parts=parts
        )
        return await self.stored(sequence)

    @plan_recovery.validator
    def _may_plan(self, command: PlanRecovery) -> None:
        self._open_to_staff(command.by, frozenset({Role.FINANCE}))
        claim = self.state.claims.get(command.recovery)
        if claim is None or claim.stage not in ("open", "overdue"):
            raise refusal("NothingClaimed", "Deze terugvordering staat niet open; er valt niets te plannen.")
        if claim.parts[-len(command.parts) :] == command.parts:
            return
        try:
            check_plan(command.parts, self._left(claim), self.today())
        except PlanError as wrong:
            raise refusal("PlanImpossible", str(wrong)) from wrong

    def _left(self, claim: Claim) -> Decimal:
        return claim.amount - claim.received

    @workflow.update
    async def recovery_received(self, command: RecoveryPaid) -> Accepted:
        """Money came back; once under each reference of the bank."""
        known = self.state.receipts.get(command.reference)
        if known is not None:
            return await self.stored(known, repeated=True)
        return await self.stored(self.book(command))

    @recovery_received.validator
    def _may_receive(self, command: RecoveryPaid) -> None:
        if command.recovery not in self.state.claims and command.recovery not in self.state.claimed:
            raise refusal("UnknownRecovery", f"In dit dossier wordt '{command.recovery}' niet teruggevorderd.")
        if command.amount <= 0:
            raise refusal("NothingReceived", "Een ontvangst is meer dan nul euro.")
        if self._closed and command.reference not in self.state.receipts:
            raise refusal("Closing", "Dit dossier is afgesloten; boek de ontvangst apart.")
