"""A message of a bank written out: every element by its path, in the order its schema asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import IO

from lxml import etree

NAMESPACES = "urn:iso:std:iso:20022:tech:xsd:"

Row = tuple[str, str | Decimal]
"""Where it stands below its element, such as `Amt/InstdAmt`, and what is in it; a Decimal is an amount in euro."""


@contextmanager
def document(into: IO[bytes], message: str) -> Iterator[etree._IncrementalFileWriter]:
    """The frame of a message such as `pain.001.001.09`. What is written into it stands in the namespace of the frame,
    so that elements are written by their bare names."""
    with etree.xmlfile(into, encoding="UTF-8") as out:
        out.write_declaration()
        with out.element("Document", nsmap={None: NAMESPACES + message}):
            yield out


def element(name: str, rows: Iterable[Row]) -> etree._Element:
    """One element of these rows. Rows that follow each other share the elements their paths have in common."""
    made = etree.Element(name)
    for path, value in rows:
        *above, leaf = path.split("/")
        parent = made
        for part in above:
            parent = parent[-1] if len(parent) and parent[-1].tag == part else etree.SubElement(parent, part)
        written = etree.SubElement(parent, leaf)
        if isinstance(value, Decimal):
            written.set("Ccy", "EUR")
            written.text = f"{value:.2f}"
        else:
            written.text = value
    return made
