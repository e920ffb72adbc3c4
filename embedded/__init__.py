"""The one-machine stack: real PostgreSQL and Temporal and real catchers of mails and texts on loopback, no Docker."""

from embedded.mail import EmbeddedMail
from embedded.place import throwaway_directory
from embedded.postgres import APPLICATION, DATABASE, OWNER, PORTAL, EmbeddedPostgres
from embedded.refusals import EmbeddedRefusal
from embedded.sms import EmbeddedTexts
from embedded.stack import EmbeddedStack, Ports
from embedded.temporal import SEARCH_ATTRIBUTES, EmbeddedTemporal
from embedded.worker import EmbeddedWorker

__all__ = [
    "APPLICATION",
    "DATABASE",
    "OWNER",
    "PORTAL",
    "SEARCH_ATTRIBUTES",
    "EmbeddedMail",
    "EmbeddedPostgres",
    "EmbeddedRefusal",
    "EmbeddedStack",
    "EmbeddedTemporal",
    "EmbeddedTexts",
    "EmbeddedWorker",
    "Ports",
    "throwaway_directory",
]
