"""A post room in a process of its own, so that it can be killed: `sending_process.py DATABASE PORT MOMENT NAME`.

Its clock starts at MOMENT and runs as fast as any other. It sends until nothing is planned for this day.
"""

import asyncio
import sys
import time
from datetime import datetime, timedelta

from activities.post_room import PostRoom
from activities.sending import MailServer
from database import lean_pool
from schemes.calendar import local_date


async def send(url: str, port: int, moment: datetime, name: str) -> None:
    """See everything out that has its turn on this day."""
    began = time.monotonic()

    def now() -> datetime:
        return moment + timedelta(seconds=time.monotonic() - began)

    async with await lean_pool(url, size=2) as pool:
        server = MailServer(host="127.0.0.1", port=port, sender="doorstroom@fonds.example")
        room = PostRoom(pool, server, name, per_minute=6000, now=now)
        left = "SELECT count(*) FROM effect WHERE state = 'planned' AND (leaves_on IS NULL OR leaves_on <= $1)"
        while await pool.fetchval(left, local_date(now())):
            await room.deliver_planned()
            await asyncio.sleep(0.02)


if __name__ == "__main__":
    address, smtp, begins, sender = sys.argv[1:]
    asyncio.run(send(address, int(smtp), datetime.fromisoformat(begins), sender))
