"""Columns and constraints of PostgreSQL. Imported by activities and starter, never by a workflow.

`metadata` is complete once this package is imported.
"""

from sqlmodel import SQLModel

from models.tables.access import (
    Attempts,
    KeptForm,
    LoginLink,
    Mandate,
    PortalAccount,
    SensitiveRead,
    SignIn,
    SignInJourney,
)
from models.tables.administration import AdminEvent, RoleChange, VerificationRun
from models.tables.api import ApiClient, ApiRequest, ApiToken
from models.tables.applying import Draft, Upload
from models.tables.asking import AnswerLink
from models.tables.budgets import BudgetAct, Envelope, Holding, HoldingCap, LedgerEntry
from models.tables.bulk import BulkItem, BulkRun
from models.tables.cohorts import CohortFile, CohortLine, HandedOn
from models.tables.commands import PendingCommand
from models.tables.conversation import WrittenMessage
from models.tables.effects import Effect, HouseClock, PostRoomLook
from models.tables.erasures import Erasure
from models.tables.finding import DossierWords
from models.tables.following import CalendarFeed, Correction
from models.tables.guidance import GuidedHours
from models.tables.hands import Absence, HandEvent, Presence, TaskFollowUp, TaskSnooze
from models.tables.journal import EventRow
from models.tables.letters import LetterRow
from models.tables.meetings import Meeting, MeetingItem, Vote
from models.tables.parties import Contact, DocumentRow, Employer, HeadcountRow, Participant, StaffMember
from models.tables.projections import (
    DecisionRow,
    DossierRow,
    FollowUpDueRow,
    FollowUpRow,
    InstalmentRow,
    PaymentRow,
    RecoveryRow,
    RequestRow,
    TaskRow,
)
from models.tables.receipts import NumberSeries, Receipt
from models.tables.returned import ReturnedMail
from models.tables.sessions import PortalSession
from models.tables.statements import BankAct, BankEntry, BankFile, BankStatement
from models.tables.treasury import AccountCheck, PaymentLine, PaymentRun, PaymentSignature
from models.tables.views import OwnColumns, SavedView
from models.tables.worklist import TaskHold

metadata = SQLModel.metadata

__all__ = [
    "Absence",
    "AccountCheck",
    "AdminEvent",
    "AnswerLink",
    "ApiClient",
    "ApiRequest",
    "ApiToken",
    "Attempts",
    "BankAct",
    "BankEntry",
    "BankFile",
    "BankStatement",
    "BudgetAct",
    "BulkItem",
    "BulkRun",
    "CalendarFeed",
    "CohortFile",
    "CohortLine",
    "Contact",
    "Correction",
    "DecisionRow",
    "DocumentRow",
    "DossierRow",
    "DossierWords",
    "Draft",
    "Effect",
    "Employer",
    "Envelope",
    "Erasure",
    "EventRow",
    "FollowUpDueRow",
    "FollowUpRow",
    "GuidedHours",
    "HandEvent",
    "HandedOn",
    "HeadcountRow",
    "Holding",
    "HoldingCap",
    "HouseClock",
    "InstalmentRow",
    "KeptForm",
    "LedgerEntry",
    "LetterRow",
    "LoginLink",
    "Mandate",
    "Meeting",
    "MeetingItem",
    "NumberSeries",
    "OwnColumns",
    "Participant",
    "PaymentLine",
    "PaymentRow",
    "PaymentRun",
    "PaymentSignature",
    "PendingCommand",
    "PortalAccount",
    "PortalSession",
    "PostRoomLook",
    "Presence",
    "Receipt",
    "RecoveryRow",
    "RequestRow",
    "ReturnedMail",
    "RoleChange",
    "SavedView",
    "SensitiveRead",
    "SignIn",
    "SignInJourney",
    "StaffMember",
    "TaskFollowUp",
    "TaskHold",
    "TaskRow",
    "TaskSnooze",
    "Upload",
    "VerificationRun",
    "Vote",
    "WrittenMessage",
    "metadata",
]
