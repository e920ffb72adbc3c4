"""Orders to pay: valid by the ISO schema, read back to the cent by somebody else's eyes, the same bytes every time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from banking.orders import Order, Transfer, Version, written
from models.errors import Refusal
from schemes.communications import checked

ACCOUNTS = ("BE44068942075545", "BE80458653275177", "NL91ABNA0417164300", "FR1420041010050500013M02606")

LINE = Transfer(
    end_to_end="ANT-2026-S-000123-1-1",
    amount=Decimal("1240.50"),
    name="Metaalwerken Ünal & Zonen",
    iban="BE80458653275177",
    text="Dossier ANT-2026-S-000123: opleidingssteun",
)
ORDER = Order(
    message_id="ANT-2026-B-0001-01",
    created=datetime(2026, 3, 2, 8, 30, 15, 123456, tzinfo=UTC),
    execution_on=date(2026, 3, 4),
    debtor="mtech+ Antwerpen vzw",
    enterprise_number="0433.981.067",
    iban="BE44068942075545",
    bic="GKCCBEBB",
    transfers=(LINE,),
)


@cache
def schema(version: Version) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("sepaxml").joinpath(f"schemas/{version}.xsd")))


def read_back(content: bytes) -> list[dict[str, Any]]:
    """The lines of a file, by paths alone."""
    root = etree.fromstring(content)
    names = {"p": root.nsmap[None]}

    def text(line: Any, path: str) -> Any:
        return line.xpath(f"string({path})", namespaces=names)

    return [
        {
            "end_to_end": text(line, "p:PmtId/p:EndToEndId"),
            "amount": Decimal(text(line, "p:Amt/p:InstdAmt")),
            "currency": text(line, "p:Amt/p:InstdAmt/@Ccy"),
            "iban": text(line, "p:CdtrAcct/p:Id/p:IBAN"),
            "communication": text(line, "p:RmtInf/p:Strd/p:CdtrRefInf/p:Ref") or None,
        }
        for line in root.iterfind(".//p:CdtTrfTxInf", names)
    ]


def totals(content: bytes) -> set[tuple[str, str]]:
    """Number and sum, as they are told in the header and in the batch."""
    root = etree.fromstring(content)
    names = {"p": root.nsmap[None]}
    told = [*root.iterfind(".//p:GrpHdr", names), *root.iterfind(".//p:PmtInf", names)]
    return {(part.findtext("p:NbOfTxs", "", names), part.findtext("p:CtrlSum", "", names)) for part in told}


TRANSFERS = st.builds(
    Transfer,
    end_to_end=st.integers(0, 10**9).map("ANT-2026-S-{:09}-1-1".format),
    amount=st.integers(1, 10**11 - 1).map(lambda cents: Decimal(cents) / 100),
    name=st.text(st.characters(categories=["L", "P", "Zs"]), min_size=1, max_size=90).map(lambda name: f"A{name}"),
    iban=st.sampled_from(ACCOUNTS),
    bic=st.sampled_from([None, "KREDBEBB", "ABNANL2AXXX"]),
    communication=st.none() | st.integers(0, 10**10 - 1).map(lambda ten: checked(f"{ten:010}")),
)
ORDERS = st.builds(
    lambda transfers, version, batched: ORDER.model_copy(
        update={"transfers": tuple(transfers), "version": version, "batch_booked": batched}
    ),
    st.lists(TRANSFERS, min_size=1, max_size=8, unique_by=lambda transfer: transfer.end_to_end),
    st.sampled_from(list(Version)),
    st.booleans(),
)


@settings(deadline=None)
@given(ORDERS)
def test_any_order_is_valid_and_read_back_to_the_cent(order: Order) -> None:
    content = written(order)
    schema(order.version).validate(content.decode())
    assert read_back(content) == [
        {
            "end_to_end": transfer.end_to_end,
            "amount": transfer.amount,
            "currency": "EUR",
            "iban": transfer.iban,
            "communication": transfer.communication,
        }
        for transfer in order.transfers
    ]
    assert totals(content) == {(str(len(order.transfers)), f"{order.total:.2f}")}


@given(ORDERS)
def test_the_same_order_gives_the_same_bytes(order: Order) -> None:
    assert written(order) == written(order.model_copy(deep=True))


HEADER = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{version}"><CstmrCdtTrfInitn>'
    "<GrpHdr><MsgId>ANT-2026-B-0001-01</MsgId><CreDtTm>2026-03-02T09:30:15</CreDtTm>"
    "<NbOfTxs>1</NbOfTxs><CtrlSum>1240.50</CtrlSum>"
    "<InitgPty><Nm>mtech+ Antwerpen vzw</Nm>"
    "<Id><OrgId><Othr><Id>0433981067</Id><Issr>KBO-BCE</Issr></Othr></OrgId></Id></InitgPty></GrpHdr>"
    "<PmtInf><PmtInfId>ANT-2026-B-0001-01</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>"
    "<NbOfTxs>1</NbOfTxs><CtrlSum>1240.50</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>"
    "<ReqdExctnDt>{day}</ReqdExctnDt><Dbtr><Nm>mtech+ Antwerpen vzw</Nm></Dbtr>"
    "<DbtrAcct><Id><IBAN>BE44068942075545</IBAN></Id><Ccy>EUR</Ccy></DbtrAcct>"
    "<DbtrAgt><FinInstnId><{bic}>GKCCBEBB</{bic}></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>"
    "<CdtTrfTxInf><PmtId><EndToEndId>ANT-2026-S-000123-1-1</EndToEndId></PmtId>"
    '<Amt><InstdAmt Ccy="EUR">1240.50</InstdAmt></Amt>'
)
FREE_TEXT = "<RmtInf><Ustrd>Dossier ANT-2026-S-000123: opleidingssteun</Ustrd></RmtInf>"
STRUCTURED = (
    "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
    "<Ref>010806817183</Ref></CdtrRefInf></Strd></RmtInf>"
)
CREDITOR = "<Cdtr><Nm>Metaalwerken Unal + Zonen</Nm></Cdtr><CdtrAcct><Id><IBAN>BE80458653275177</IBAN></Id></CdtrAcct>"
END = "</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"


@pytest.mark.parametrize(
    ("order", "whole"),
    [
        pytest.param(
            ORDER,
            HEADER.format(version="pain.001.001.09", day="<Dt>2026-03-04</Dt>", bic="BICFI")
            + CREDITOR
            + FREE_TEXT
            + END,
            id="version 09, free text",
        ),
        pytest.param(
            ORDER.model_copy(
                update={
                    "version": Version.THREE,
                    "transfers": (LINE.model_copy(update={"text": None, "communication": "010806817183"}),),
                }
            ),
            HEADER.format(version="pain.001.001.03", day="2026-03-04", bic="BIC") + CREDITOR + STRUCTURED + END,
            id="version 03, structured communication",
        ),
        pytest.param(
            ORDER.model_copy(update={"transfers": (LINE.model_copy(update={"bic": "KREDBEBB", "text": None}),)}),
            HEADER.format(version="pain.001.001.09", day="<Dt>2026-03-04</Dt>", bic="BICFI")
            + "<CdtrAgt><FinInstnId><BICFI>KREDBEBB</BICFI></FinInstnId></CdtrAgt>"
            + CREDITOR
            + END,
            id="the bank of the beneficiary named, no communication",
        ),
    ],
)
def test_a_file_reads_as_a_bank_expects_it(order: Order, whole: str) -> None:
    assert written(order).decode() == whole
    schema(order.version).validate(whole)


def test_a_batch_that_is_booked_as_one_line_says_so() -> None:
    assert b"<BtchBookg>true</BtchBookg>" in written(ORDER.model_copy(update={"batch_booked": True}))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"amount": Decimal("-1")}, "het bedrag -1 is niet positief", id="an amount below nought"),
        pytest.param({"amount": Decimal(0)}, "het bedrag 0 is niet positief", id="nothing to pay"),
        pytest.param({"amount": Decimal("1.005")}, "niet in hele centen", id="half a cent"),
        pytest.param({"amount": Decimal("1e9")}, "te groot", id="more than one transfer holds"),
        pytest.param({"name": " \t"}, "de naam van de begunstigde ontbreekt", id="nobody's account"),
        pytest.param({"iban": "BE80458653275178"}, "het rekeningnummer klopt niet", id="a wrong digit"),
        pytest.param({"iban": "BE80 4586 5327 5177"}, "niet aaneen", id="an account as people write it"),
        pytest.param(
            {"iban": "BR1800360305000010009795493C1"}, "buiten het eurobetaalgebied", id="an account far away"
        ),
        pytest.param({"bic": "KRED"}, "de BIC 'KRED' klopt niet", id="half a bank"),
        pytest.param({"communication": "010806817183"}, "er past er een", id="two communications"),
        pytest.param({"text": None, "communication": "010806817184"}, "klopt niet", id="a wrong communication"),
        pytest.param({"text": "x" * 141}, "langer dan 140 tekens", id="too long a text"),
        pytest.param({"text": "//"}, "de mededeling is leeg", id="a text of nothing"),
        pytest.param({"end_to_end": "x" * 36}, "het kenmerk past niet bij een bank", id="too long a reference"),
        pytest.param({"end_to_end": "é"}, "het kenmerk past niet bij een bank", id="a reference no bank takes"),
    ],
)
def test_a_line_that_a_bank_would_not_take_is_refused(changed: dict[str, Any], sentence: str) -> None:
    order = ORDER.model_copy(update={"transfers": (LINE.model_copy(update=changed),)})
    with pytest.raises(Refusal, match=sentence) as refused:
        written(order)
    assert refused.value.message.endswith("Haal ze uit de betaalopdracht en kijk ze na.")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"transfers": ()}, "geen enkele betaling", id="nothing to pay"),
        pytest.param({"transfers": (LINE, LINE)}, "ze staat er twee keer in", id="a line twice"),
        pytest.param({"message_id": ""}, "past niet bij een bank", id="no name"),
        pytest.param({"iban": "BE00"}, "De rekening van het fonds deugt niet", id="a wrong account of the fund"),
        pytest.param({"bic": ""}, "De rekening van het fonds deugt niet", id="no bank of the fund"),
        pytest.param({"debtor": ""}, "De naam van het fonds ontbreekt", id="no name of the fund"),
    ],
)
def test_an_order_that_a_bank_would_not_take_is_refused(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        written(ORDER.model_copy(update=changed))
