"""Opaque keys: the same person or application gives the same key, and nobody can read who or what it was."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date

from importing.applications import Person
from importing.notations import plain


def account_key(secret: bytes, first_name: str, last_name: str, birth_date: date) -> str:
    """The career account of a person: the same for every application of that person."""
    return _keyed(secret, "account", _person(first_name, last_name, birth_date))


def person_key(secret: bytes, first_name: str, last_name: str, birth_date: date) -> str:
    """The same person in every dossier of the house: for the rule of one message a day, and who was dismissed twice."""
    return _keyed(secret, "person", _person(first_name, last_name, birth_date))


def closure_key(secret: bytes, *parts: str) -> str:
    """One announcement of one employer at one fund: the same for every file about it."""
    return _keyed(secret, "closure", *parts)


def fingerprint(
    secret: bytes, enterprise: str, title: str, dates: Iterable[date | None], people: Iterable[Person]
) -> str:
    """One course of one employer for the same people; another spelling of title or names makes no difference."""
    who = sorted(_person(person.first_name, person.last_name, person.birth_date) for person in people)
    return _keyed(secret, "training", enterprise, plain(title), *map(str, dates), *who)


def _person(first_name: str, last_name: str, birth_date: date) -> str:
    return f"{plain(first_name)} {plain(last_name)} {birth_date.isoformat()}"


def _keyed(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]
