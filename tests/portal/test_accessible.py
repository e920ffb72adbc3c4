"""Every page can be read by everybody: axe finds nothing, at any width, in light and dark."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.browsing import DESKTOP, PHONE

OPEN = ("/aanmelden", "/nergens")


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["wide", "small and dark"])
async def test_an_open_page_is_accessible(open_window: Any, path: str, viewport: Any, scheme: str) -> None:
    async with open_window(viewport=viewport, color_scheme=scheme) as reader:
        await reader.go(path)
        assert await reader.faults() == []
        assert not await reader.wider_than_the_screen()
