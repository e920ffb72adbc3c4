"""Documents come in whole or in parts, are checked by what they are, and are shown to those who may read them alone."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.messages.words import Party
from models.tables import Draft, SensitiveRead, Upload
from portal.access.visitor import Visitor
from portal.applying.drafts import KEPT
from portal.applying.keeping import erase_expired
from portal.applying.sending import uploads_of
from portal.documents import contents
from portal.documents.uploads import LOOSE_FOR, PART
from portal.house import House
from tests.portal import applying
from tests.portal.applying import PDF, begun, filled_in, given, posted
from tests.portal.conftest import ORIGIN, Reader, SignIn

Employer = Callable[..., Visitor]
MEGABYTE = 1024 * 1024


def archive(**parts: bytes) -> bytes:
    """An office file with these parts; `__` stands for a slash and `_dot_` for a point."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


WORD = archive(word__document_dot_xml=b"<document/>")
MAIL = b"From: jan@staal.example\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: Hallo\r\n\r\nDag"


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PDF, contents.PDF),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, contents.PNG),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 20, contents.JPEG),
        (WORD, contents.DOCX),
        (archive(xl__workbook_dot_xml=b"<workbook/>"), contents.XLSX),
        (b"Naam;Bedrag\nJan;-12,50\nAn;+32 3 123\n", contents.CSV),
        (MAIL, contents.EML),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_what_its_content_says(tmp_path: Path, content: bytes, media: str) -> None:
    file = tmp_path / "whatever.html"
    file.write_bytes(content)
    assert contents.media_type(file) == media


REFUSED = {
    "a web page": (b"<!DOCTYPE html><html><script>alert(1)</script>", "opmaak van een webpagina"),
    "a drawing that runs": (b'<svg xmlns="x" onload="alert(1)"/>', "opmaak van een webpagina"),
    "a page behind a comment": (b"naam;x\n<!-- --><script src=x>", "opmaak van een webpagina"),
    "a program": (b"MZ\x90\x00\x03\x00\x00\x00", "nemen wij niet aan"),
    "an archive of anything": (archive(a_dot_txt=b"x"), "nemen wij niet aan"),
    "macros": (archive(word__document_dot_xml=b"<d/>", word__vbaProject_dot_bin=b"x"), "macro's"),
    "a file in a file": (archive(word__document_dot_xml=b"<d/>", word__embeddings__x_dot_bin=b"x"), "macro's"),
    "an archive that grows": (archive(word__document_dot_xml=b"\x00" * 40 * MEGABYTE), "veel te groot"),
    "a broken archive": (WORD[:60], "beschadigd"),
    "a formula": (b"Naam;Bedrag\nJan;=cmd|' /C calc'!A0\n", "formules"),
    "a formula behind a sign": (b"Naam;Bedrag\nJan;-2+cmd|' /C calc'!A0\n", "formules"),
    "an old word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "nemen wij niet aan"),
    "a page with a pdf behind it": (b"<html>" + PDF, "opmaak van een webpagina"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_could_do_something_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "document.pdf"
    file.write_bytes(content)
    with pytest.raises(Refusal, match=sentence):
        contents.media_type(file)


@pytest.mark.parametrize(
    ("typed", "media", "kept"),
    [
        ("../../etc/passwd", contents.PDF, "passwd.pdf"),
        ("C:\\Map\\Offerte 1.PDF", contents.PDF, "Offerte 1.pdf"),
        ("scan.jpeg", contents.JPEG, "scan.jpeg"),
        ("factuur.pdf.exe", contents.PDF, "factuur.pdf.pdf"),
        ("\u202egpj.exe", contents.PNG, "gpj.png"),
        ("", contents.PDF, "document.pdf"),
        ("x" * 300, contents.PDF, "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_its_tricks(typed: str, media: str, kept: str) -> None:
    assert contents.shown_name(typed, media) == kept


@pytest.fixture
async def house(house: House, tmp_path: Path) -> House:
    """With a folder for documents, of at most one megabyte each."""
    return applying.applying(house, tmp_path / "documents")


def _files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


async def _uploads(house: House) -> list[Any]:
    async with glance(house.engine) as connection:
        return list(await connection.execute(select(Upload).order_by(col(Upload.began_at))))


async def test_a_document_of_a_plain_form_is_kept_with_its_hash(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    page = await given(reader, draft, "Offerte <b>.pdf", PDF)
    assert "Toegevoegd: Offerte <b>.pdf." in page.text
    assert "Offerte <b>.pdf" not in page.html
    assert "Hoogstens 1 MB per bestand." in page.text
    [kept] = await _uploads(house)
    assert (kept.media_type, kept.size, kept.state) == (contents.PDF, len(PDF), "kept")
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    [file] = _files(tmp_path)
    assert file.read_bytes() == PDF
    gone = await reader.submit(f"{draft}/documenten/weg")
    assert "Het document is verwijderd." in gone.text
    assert _files(tmp_path) == []


async def test_what_is_refused_is_told_by_name_and_leaves_nothing(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    for content, sentence in [
        (b"<html><script>alert(1)</script>", "opmaak van een webpagina"),
        (b"", "Dit bestand is leeg."),
        (PDF + b"\x00" * MEGABYTE, "hoogstens 1 MB"),
    ]:
        page = await given(reader, draft, "<i>factuur</i>.pdf", content)
        assert page.status == 422
        assert sentence in page.text
        assert "<i>factuur" not in page.html
        assert 'role="alert"' in page.html
    assert await _uploads(house) == []
    assert _files(tmp_path) == []


async def test_two_documents_at_once_the_bad_one_is_refused_alone(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    token = (await reader.get(f"{draft}/documenten")).form("/afmelden")["csrf"]
    files = [("bestand", ("goed.pdf", PDF)), ("bestand", ("slecht.exe", b"MZ\x90\x00")), ("bestand", ("ook.pdf", PDF))]
    page = await posted(reader, f"{draft}/documenten/bestand?csrf={token}", {"code": "invoice"}, files=files)
    assert "slecht.exe: Dit soort bestand nemen wij niet aan." in page.text
    assert [(row.name, row.code) for row in await _uploads(house)] == [("goed.pdf", "invoice"), ("ook.pdf", "invoice")]


class _Endless:
    """A body of two gigabytes that counts how much of it was taken."""

    def __init__(self, head: bytes, size: int) -> None:
        self.taken, self._head, self._size = 0, head, size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        piece = b"\x00" * 65536
        while self.taken < self._size:
            self.taken += len(piece)
            yield piece


BOUNDARY = "grens"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="code"\r\n\r\nquote\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="bestand"; filename="groot.pdf"\r\n\r\n%PDF-1.7'
).encode()
TWO_GIGABYTES = 2 * 1024 * MEGABYTE


async def _sent(reader: Reader, address: str, body: _Endless, **headers: str) -> Any:
    own = {"origin": ORIGIN, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    return await reader.client.post(address, content=body, headers=own | headers)


@pytest.mark.parametrize("announced", [True, False], ids=["of a size that is announced", "of a size nobody knows"])
async def test_two_gigabytes_are_cut_off_at_the_limit(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path, announced: bool
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    token = (await reader.get(f"{draft}/documenten")).form("/afmelden")["csrf"]
    body = _Endless(HEAD, TWO_GIGABYTES)
    told = {"content-length": str(TWO_GIGABYTES)} if announced else {}
    answer = await _sent(reader, f"{draft}/documenten/bestand?csrf={token}", body, **told)
    assert answer.status_code == 422
    assert "Dit bestand is te groot: hoogstens 1 MB." in answer.text
    assert body.taken <= (0 if announced else 5 * MEGABYTE)
    assert _files(tmp_path) == []
    assert await _uploads(house) == []


async def test_a_line_that_breaks_leaves_nothing_half(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    token = (await reader.get(f"{draft}/documenten")).form("/afmelden")["csrf"]
    await _sent(reader, f"{draft}/documenten/bestand?csrf={token}", _Endless(HEAD, 0))
    left = await _uploads(house)
    assert [row.state for row in left] in ([], ["kept"])
    assert len(_files(tmp_path)) == len(left)


async def _announced(reader: Reader, draft: str, bytes_in_all: int, **more: str) -> Any:
    token = (await reader.get(f"{draft}/documenten")).form("/afmelden")["csrf"]
    reader.client.headers["x-csrf-token"] = token
    values = {"draft": draft.rsplit("/", 1)[1], "code": "quote", "name": "groot.pdf", "size": str(bytes_in_all), **more}
    return await reader.client.post("/documenten", data=values, headers={"origin": ORIGIN})


async def _part(reader: Reader, upload: str, place: int, content: bytes) -> Any:
    return await reader.client.put(f"/documenten/{upload}?plaats={place}", content=content, headers={"origin": ORIGIN})


async def test_a_document_in_parts_goes_on_where_it_was(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    content = PDF + b"\x00" * 700_000
    reader = await sign_in(employer())
    draft = await begun(reader)
    upload = (await _announced(reader, draft, len(content))).json()["upload"]
    assert (await _part(reader, upload, 0, content[:300_000])).json()["arrived"] == 300_000
    again = await _part(reader, upload, 0, content[:300_000])
    assert (again.status_code, again.json()) == (409, {"arrived": 300_000})
    assert (await reader.client.get(f"/documenten/{upload}/stand")).json() == {"arrived": 300_000, "done": False}
    assert "nog niet helemaal aangekomen" in (await reader.get(f"{draft}/documenten")).text
    assert (await reader.get(f"/documenten/{upload}")).status == 404
    done = (await _part(reader, upload, 300_000, content[300_000:])).json()
    assert done == {"arrived": len(content), "done": True, "name": "groot.pdf"}
    [kept] = await _uploads(house)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (await reader.client.get(f"/documenten/{upload}")).content == content
    assert len(_files(tmp_path)) == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"size": str(MEGABYTE + 1)}, "hoogstens 1 MB"),
        ({"size": "veel"}, "grootte niet bekend"),
        ({"code": "paspoort"}, "Kies uit de lijst"),
        ({"size": "0"}, "Dit bestand is leeg."),
    ],
    ids=["too large", "no size", "no document", "empty"],
)
async def test_a_document_that_will_be_refused_is_refused_before_it_comes(
    house: House, sign_in: SignIn, employer: Employer, told: dict[str, str], sentence: str
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    answer = await _announced(reader, draft, 10, **told)
    assert answer.status_code == 422
    assert sentence in answer.json()["problem"]
    assert await _uploads(house) == []


async def test_a_part_larger_than_announced_is_refused(house: House, sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    upload = (await _announced(reader, draft, 10)).json()["upload"]
    body = _Endless(b"", TWO_GIGABYTES)
    answer = await reader.client.put(f"/documenten/{upload}?plaats=0", content=body, headers={"origin": ORIGIN})
    assert answer.status_code == 422
    assert body.taken <= 2 * PART
    [row] = await _uploads(house)
    assert row.arrived == 0


async def test_a_web_page_in_parts_is_refused_at_its_end(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    content = b"<html><script>alert(1)</script></html>"
    reader = await sign_in(employer())
    draft = await begun(reader)
    upload = (await _announced(reader, draft, len(content))).json()["upload"]
    answer = await _part(reader, upload, 0, content)
    assert answer.status_code == 422
    assert "opmaak van een webpagina" in answer.json()["problem"]
    assert (await _uploads(house), _files(tmp_path)) == ([], [])


async def test_what_is_served_can_do_nothing(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await given(reader, draft, "naam é.pdf", PDF)
    await given(reader, draft, "brief.docx", WORD)
    page = await reader.get(f"{draft}/documenten")
    links = [part.split('"')[0] for part in page.html.split('href="') if part.startswith("/documenten/")]
    shown = (await reader.get(links[0])).response
    assert shown.headers["content-type"] == contents.PDF
    assert shown.headers["content-disposition"] == "inline; filename*=UTF-8''naam%20%C3%A9.pdf"
    assert shown.headers["content-security-policy"].startswith("default-src 'none';")
    assert shown.headers["x-content-type-options"] == "nosniff"
    kept = (await reader.get(links[0].removesuffix("/inzien"))).response
    assert kept.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in kept.headers["content-security-policy"]
    word = (await reader.get(links[1])).response
    assert word.headers["content-disposition"].startswith("attachment;")


async def test_a_document_is_there_for_those_it_concerns_alone(
    house: House, sign_in: SignIn, employer: Employer, staff: Callable[..., Visitor]
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    await filled_in(reader, draft)
    await given(reader, draft, "offerte.pdf", PDF)
    [row] = await _uploads(house)
    address = f"/documenten/{row.upload}"
    colleague, other = await sign_in(employer(person="e-2")), await sign_in(employer("0409845289", "e-3"))
    handler, elsewhere = await sign_in(staff()), await sign_in(staff("LIM-handler-1"))
    seen = [(await one.get(address)).status for one in (reader, colleague, other, handler, elsewhere)]
    assert seen == [200, 200, 404, 404, 404]
    await reader.get(f"{draft}/nakijken")
    await reader.submit(f"{draft}/verstuur")
    seen = [(await one.get(address)).status for one in (reader, colleague, other, handler, elsewhere)]
    assert seen == [200, 200, 404, 200, 404]
    async with glance(house.engine) as connection:
        [looked] = await connection.execute(select(SensitiveRead))
    assert (looked.person, looked.dossier[:4], looked.what) == ("ANT-handler-1", "ANT-", "document")
    nobody = await sign_in()
    assert (await nobody.client.get(address)).status_code == 303
    expert = Visitor(session="", csrf="", person="x", name="X", party=Party.EXPERT)
    assert (await (await sign_in(expert)).get(address)).status == 404


async def test_nobody_adds_to_what_is_not_theirs(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    upload = (await _announced(reader, draft, 100)).json()["upload"]
    stranger = await sign_in(employer("0409845289", "e-3"))
    token = (await stranger.get("/aanvragen")).form("/afmelden")["csrf"]
    stranger.client.headers["x-csrf-token"] = token
    values = {"draft": draft.rsplit("/", 1)[1], "code": "quote", "name": "x.pdf", "size": "10"}
    assert (await stranger.client.post("/documenten", data=values, headers={"origin": ORIGIN})).status_code == 404
    other = {**values, "draft": "", "dossier": "ANT-2026-S-000001"}
    assert (await stranger.client.post("/documenten", data=other, headers={"origin": ORIGIN})).status_code == 404
    assert (await _part(stranger, upload, 0, b"x")).status_code == 422
    assert (await stranger.client.get(f"/documenten/{upload}/stand")).status_code == 404


async def test_a_document_without_the_token_of_the_session_is_refused(
    house: House, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    draft = await begun(reader)
    answer = await _sent(reader, f"{draft}/documenten/bestand", _Endless(HEAD, MEGABYTE))
    assert answer.status_code == 422
    assert await _uploads(house) == []


async def test_what_nobody_sends_is_erased_after_its_term(
    house: House, sign_in: SignIn, employer: Employer, tmp_path: Path
) -> None:
    reader = await sign_in(employer())
    old, fresh = await begun(reader), await begun(reader)
    for draft in (old, fresh):
        await given(reader, draft, "offerte.pdf", PDF)
    half = (await _announced(reader, fresh, 100)).json()["upload"]
    now = datetime.now(UTC)
    async with transaction(house.engine) as connection:
        aged = update(Draft).where(col(Draft.draft) == old.rsplit("/", 1)[1])
        await connection.execute(aged.values(saved_at=now - KEPT - timedelta(seconds=1)))
        stale = update(Upload).where(col(Upload.upload) == half)
        await connection.execute(stale.values(began_at=now - LOOSE_FOR - timedelta(seconds=1)))
    assert await erase_expired(house.engine, uploads_of(house), now) == 3
    assert await erase_expired(house.engine, uploads_of(house), now) == 0
    assert (await reader.get(old)).status == 404
    assert (await reader.get(fresh)).status == 200
    assert len(_files(tmp_path)) == len(await _uploads(house)) == 1
