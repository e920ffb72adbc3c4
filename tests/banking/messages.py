"""Messages of banks made by the classes of the ISO schemas: what no version of a message has, cannot be written."""

import dataclasses
import importlib
from decimal import Decimal
from enum import Enum
from functools import cache
from types import ModuleType
from typing import Any, get_args, get_type_hints

from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDate, XmlDateTime

ACCOUNT = "BE44068942075545"
OTHER = "BE80458653275177"


@cache
def schema(message: str) -> ModuleType:
    """The classes of a message such as `camt.053.001.08`."""
    name = message.replace(".", "_")
    return importlib.import_module(f"pyiso20022.{name[:4]}.{name}")


def rendered(message: str, content: dict[str, Any], *, indent: str | None = None) -> bytes:
    """The bytes of a message, from its elements by their names."""
    document = _made(schema(message).Document, content)
    serializer = XmlSerializer(config=SerializerConfig(indent=indent))
    return serializer.render(document, ns_map={None: f"urn:iso:std:iso:20022:tech:xsd:{message}"}).encode()


def _made(kind: Any, content: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(content, dict):
            content = {"value": content}
        hints = get_type_hints(kind)
        fields = {field.metadata.get("name", field.name): field.name for field in dataclasses.fields(kind)}
        return kind(**{fields[name]: _of(hints[fields[name]], value) for name, value in content.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(content)
    if kind is XmlDate or kind is XmlDateTime:
        return kind.from_string(content)
    return Decimal(content) if kind is Decimal else content


def _of(hint: Any, value: Any) -> Any:
    """A value for a field: a list where the schema has several, its class where it has one."""
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    if getattr(hint, "__origin__", None) is list:
        return [_made(kinds[0], one) for one in (value if isinstance(value, list) else [value])]
    return _made(kinds[0], value)


def euros(amount: str) -> dict[str, str]:
    """An amount with its currency."""
    return {"value": amount, "Ccy": "EUR"}


@dataclasses.dataclass(frozen=True)
class Bank:
    """Writes the statements of one version: what differs between them is here, what a test says is not."""

    message: str = "camt.053.001.08"

    @property
    def old(self) -> bool:
        """Before version 07 a party has its name at once, and a status is a bare code."""
        return int(self.message[-2:]) < 7

    def file(self, *statements: dict[str, Any], indent: str | None = None) -> bytes:
        """A whole file."""
        root, each = ("BkToCstmrStmt", "Stmt") if "053" in self.message else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
        header = {"MsgId": "BANK-1", "CreDtTm": "2026-03-05T06:00:00"}
        return rendered(self.message, {root: {"GrpHdr": header, each: list(statements)}}, indent=indent)

    def statement(self, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A statement of our account."""
        head: dict[str, Any] = {"Id": "BANK-1-1", "CreDtTm": "2026-03-05T06:00:00", "LglSeqNb": "44"}
        head["Acct"] = {"Id": {"IBAN": ACCOUNT}, "Ccy": "EUR"}
        return head | {"Ntry": list(entries)} | more

    def balance(self, code: str, amount: str) -> dict[str, Any]:
        """An opening or a closing balance; below nought it is the bank's."""
        sign = "DBIT" if amount.startswith("-") else "CRDT"
        day = {"Dt": "2026-03-04"}
        kind = {"CdOrPrtry": {"Cd": code}}
        return {"Tp": kind, "Amt": euros(amount.removeprefix("-")), "CdtDbtInd": sign, "Dt": day}

    def entry(self, amount: str, *details: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A booking: what went out has a minus."""
        sign = "DBIT" if amount.startswith("-") else "CRDT"
        head: dict[str, Any] = {"Amt": euros(amount.removeprefix("-")), "CdtDbtInd": sign}
        head["Sts"] = self.status("BOOK")
        head |= {"BookgDt": {"Dt": "2026-03-04"}, "BkTxCd": {"Domn": self._code()}, "AcctSvcrRef": "REF-1"}
        if details:
            head["NtryDtls"] = {"TxDtls": list(details)}
        return head | more

    def amount(self, amount: str) -> dict[str, Any]:
        """The amount of one transaction, where the version has a place for it; from 03 to 06 it may not be left out."""
        sign = "DBIT" if amount.startswith("-") else "CRDT"
        if self.message.endswith("02"):
            return {"AmtDtls": {"TxAmt": {"Amt": euros(amount.removeprefix("-"))}}}
        return {"Amt": euros(amount.removeprefix("-")), "CdtDbtInd": sign}

    def status(self, code: str) -> Any:
        """Whether a booking is final."""
        return code if self.old else {"Cd": code}

    def party(self, name: str) -> dict[str, Any]:
        """Somebody with an account."""
        return {"Nm": name} if self.old else {"Pty": {"Nm": name}}

    def parties(self, **sides: tuple[str, str]) -> dict[str, Any]:
        """Debtor and creditor, each by name and account."""
        found: dict[str, Any] = {}
        for side, (name, iban) in sides.items():
            found |= {side: self.party(name), f"{side}Acct": {"Id": {"IBAN": iban}}}
        return found

    @staticmethod
    def _code() -> dict[str, Any]:
        return {"Cd": "PMNT", "Fmly": {"Cd": "ICDT", "SubFmlyCd": "ESCT"}}
