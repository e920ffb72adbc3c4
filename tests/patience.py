"""How long a test waits for what has to come: far longer than it takes, since a busy machine may stand still a while.

A test that passes never waits for it to the end.
"""

import asyncio

PATIENCE = 60.0


def patient() -> asyncio.Timeout:
    """A block in which something has to come."""
    return asyncio.timeout(PATIENCE)
