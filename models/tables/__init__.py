"""Columns and constraints of PostgreSQL. Imported by activities and starter, never by a workflow.

`metadata` is complete once this package is imported.
"""

from sqlmodel import SQLModel

from models.tables.api import ApiClient, ApiRequest, ApiToken
from models.tables.commands import PendingCommand
from models.tables.effects import Effect
from models.tables.finding import DossierWords
from models.tables.journal import EventRow
from models.tables.parties import Contact, DocumentRow, Employer, Participant, StaffMember
from models.tables.projections import (
    DecisionRow,
    DossierRow,
    FollowUpRow,
    InstalmentRow,
    PaymentRow,
    RecoveryRow,
    RequestRow,
    TaskRow,
)
from models.tables.receipts import NumberSeries, Receipt
from models.tables.sessions import PortalSession
from models.tables.views import OwnColumns, SavedView
from models.tables.worklist import TaskHold

metadata = SQLModel.metadata

__all__ = [
    "ApiClient",
    "ApiRequest",
    "ApiToken",
    "Contact",
    "DecisionRow",
    "DocumentRow",
    "DossierRow",
    "DossierWords",
    "Effect",
    "Employer",
    "EventRow",
    "FollowUpRow",
    "InstalmentRow",
    "NumberSeries",
    "OwnColumns",
    "Participant",
    "PaymentRow",
    "PendingCommand",
    "PortalSession",
    "Receipt",
    "RecoveryRow",
    "RequestRow",
    "SavedView",
    "StaffMember",
    "TaskHold",
    "TaskRow",
    "metadata",
]
