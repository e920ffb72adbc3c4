"""The post room: one for the whole house, always open; it sends what dossiers planned."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from activities.post_room import PostRoom

POST_ROOM = "post-room"
FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5))


@workflow.defn(name="PostRoom", versioning_behavior=VersioningBehavior.AUTO_UPGRADE)
class PostRoomOpen:
    """Keeps one sender running, wherever there is a worker."""

    @workflow.run
    async def run(self) -> None:
        """Send for a day, then begin a fresh history."""
        await workflow.execute_activity_method(
            PostRoom.deliver,
            start_to_close_timeout=timedelta(days=1),
            heartbeat_timeout=timedelta(seconds=10),
            retry_policy=FOREVER,
        )
        workflow.continue_as_new()
