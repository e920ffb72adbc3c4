"""What a reader's software finds in a letter: its text in order, and the structure it is read aloud by."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from letters.composing import compose
from letters.render import Printed, pdf
from letters.values import Case


def printed(case: Case) -> Printed:
    return pdf(compose(case))


def text(content: bytes) -> str:
    """The text of all pages, in the order in which it is written, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def catalogue(content: bytes) -> Any:
    """The root of the file: language, marks, structure."""
    return PdfReader(BytesIO(content)).trailer["/Root"]


def tags(content: bytes) -> list[str]:
    """The names in the tree of structure, from the first to the last."""

    def walk(node: Any) -> Iterator[str]:
        node = node.get_object() if hasattr(node, "get_object") else node
        if not isinstance(node, dict):
            return
        if "/S" in node:
            yield str(node["/S"])
        below = node.get("/K", [])
        for child in below if isinstance(below, list) else [below]:
            yield from walk(child)

    return list(walk(catalogue(content)["/StructTreeRoot"]))


def placed(page: Any) -> dict[str, tuple[float, float]]:
    """Where each piece of text begins, in mm from the left and from the top; a point is 25,4/72 mm."""
    places: dict[str, tuple[float, float]] = {}

    def seen(line: str, matrix: list[float], at: list[float], *_: object) -> None:
        x, y = at[4] * matrix[0] + matrix[4], at[5] * matrix[3] + matrix[5]
        places.setdefault(line.strip(), (x * 25.4 / 72, 297 - y * 25.4 / 72))

    page.extract_text(visitor_text=seen)
    return places
