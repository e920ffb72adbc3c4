"""Answering: the documents first, each by itself, then the answer with which they are handed in, as in the pages."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from models.errors import Refusal
from models.messages.words import Document
from portal.api import shapes
from portal.api.commands import ANSWERS, Told, Values, see, shown
from portal.api.envelope import CONTENT
from portal.api.once import RESPONSES, Single
from portal.api.readings import Number
from portal.applying.sending import uploads_of
from portal.documents.uploads import Belongs
from portal.following.answered import Answer, give
from portal.house import house_of
from schemes.identifiers import iban_valid

router = APIRouter(tags=["Commands"], responses=RESPONSES)
BINARY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {CONTENT: {"schema": {"type": "string", "format": "binary"}}}}
}


class AnswerTold(Told):
    """An answer to a request. Early and partial answers are kept until they serve."""

    request: str = Field(
        pattern=r"^([A-Z]{3}-[0-9]{4}-[STPOJ]-[0-9]{6,9}/)?[a-z][a-z0-9_]{1,59}(/[0-9]{1,4})?$",
        description="Code of the request, or its `key` in what the dossier waits for",
        examples=["completion"],
    )
    values: Values
    iban: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$",
        description="The account to pay to, where it is asked",
        json_schema_extra={"format": "iban"},
    )


class DocumentTold(Told):
    """What a document is."""

    code: Document = Field(description="Which document it is", examples=["invoice"])
    file_name: str = Field(
        pattern=r"^[A-Za-z0-9 ()_.-]{1,100}$", description="Its name for people", examples=["factuur.pdf"]
    )


@router.post(
    "/dossiers/{number}/documents",
    response_model=shapes.DocumentKept,
    dependencies=ANSWERS,
    openapi_extra=BINARY,
    summary="Send a document",
)
async def send_document(
    request: Request, number: Number, told: Annotated[DocumentTold, Query()], once: Single
) -> JSONResponse:
    """The content of one document, checked by what it is. It counts from the next answer to this dossier on."""
    house = house_of(request)
    uploads, belongs = uploads_of(house), Belongs(dossier=number, party=once.client.party)

    async def work() -> shapes.DocumentKept:
        await see(house, once.client, number)
        content = await request.body()
        upload = await uploads.announce(once.client.visitor(), belongs, told.code, told.file_name, len(content))
        kept = await uploads.pour(upload, _whole(content))
        return shapes.DocumentKept(code=told.code, file_name=kept.name, size=kept.size, sha256=kept.sha256 or "")

    return await once(work)


@router.post("/dossiers/{number}/answers", response_model=shapes.Accepted, dependencies=ANSWERS, summary="Answer")
async def answer(request: Request, number: Number, told: AnswerTold, once: Single) -> JSONResponse:
    """Answer what was asked of your party, with the documents that you sent to the dossier since your last answer."""
    house = house_of(request)

    async def work() -> shapes.Accepted:
        await see(house, once.client, number)
        if told.request.count("/") == 2 and not told.request.startswith(f"{number}/"):
            raise Refusal("OtherDossier", f"De vraag {told.request} hoort niet bij dossier {number}.")
        if told.iban is not None and not iban_valid(told.iban):
            raise Refusal("NoAccount", "Dit is geen geldig rekeningnummer. Kijk de cijfers na.")
        belongs = Belongs(dossier=number, party=once.client.party)
        files = [file for file in await uploads_of(house).of(belongs) if file.state == "kept"]
        given = Answer(number, told.request, dict(told.values), files, account=told.iban)
        return shown(await give(house, once.client.visitor(), given))

    return await once(work)


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
