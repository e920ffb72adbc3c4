"""What the operator reads: one line per fact, with the dossier, on stderr, and never twice."""

import io
import json
import logging
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import structlog
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import logs

Line = dict[str, object]


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Logging belongs to the process: give it back to the test runner as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    on_message = workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message
    yield
    root.handlers = handlers
    root.setLevel(level)
    workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message = on_message
    structlog.reset_defaults()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def _lines(stream: io.StringIO) -> list[Line]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_for_machines_is_json_with_time_level_and_facts(stream: io.StringIO) -> None:
    logs.configure("json", "INFO", stream)
    structlog.get_logger("doorstroom.worker").info("receipt_started", number="ANT-2024-S-000123")
    (line,) = _lines(stream)
    assert line.pop("timestamp")
    assert line == {
        "event": "receipt_started",
        "level": "info",
        "logger": "doorstroom.worker",
        "number": "ANT-2024-S-000123",
    }


def test_a_line_of_another_library_has_the_same_form(stream: io.StringIO) -> None:
    logs.configure("json", "INFO", stream)
    logging.getLogger("somebody.else").warning("%s of %s", 1, 2, extra={"port": 25})
    (line,) = _lines(stream)
    assert (line["event"], line["level"], line["logger"], line["port"]) == ("1 of 2", "warning", "somebody.else", 25)


def test_a_line_for_people_is_one_readable_line(stream: io.StringIO) -> None:
    logs.configure("text", "INFO", stream)
    structlog.get_logger("doorstroom").info("receipt_started", number="ANT-2024-S-000123")
    (line,) = stream.getvalue().splitlines()
    assert "receipt_started" in line
    assert "number=ANT-2024-S-000123" in line
    assert "\x1b" not in line, "no colours where there is no terminal"


def test_without_a_terminal_the_form_is_json(stream: io.StringIO) -> None:
    logs.configure("auto", "INFO", stream)
    structlog.get_logger().info("started")
    assert _lines(stream)


def test_what_is_less_severe_than_the_level_is_not_written(stream: io.StringIO) -> None:
    logs.configure("json", "WARNING", stream)
    structlog.get_logger().info("quiet")
    logging.getLogger("somebody").info("quiet too")
    assert stream.getvalue() == ""


def test_configuring_twice_does_not_write_twice(stream: io.StringIO) -> None:
    logs.configure("json", "INFO", stream)
    logs.configure("json", "INFO", stream)
    logging.getLogger("once").info("once")
    assert len(_lines(stream)) == 1


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_exception_is_told_without_variables_and_without_the_rest_of_its_message(
    form: logs.Format, stream: io.StringIO
) -> None:
    logs.configure(form, "INFO", stream)

    def parse(street: str) -> None:
        raise ValueError("cannot be read\nDETAIL: Key (street)=(" + street + ")")

    try:
        try:
            parse("Vlinderstraat 12")
        except ValueError as first:
            raise RuntimeError("import failed") from first
    except RuntimeError:
        structlog.get_logger().exception("import_failed")
    text = stream.getvalue()
    assert "ValueError: cannot be read" in text
    assert "RuntimeError: import failed" in text
    assert "test_logs.py" in text
    assert " parse" in text
    assert "Vlinderstraat" not in text


def test_results_have_stdout_to_themselves() -> None:
    program = "import logs, logging; logs.configure('json'); logging.getLogger('x').warning('w'); print('result')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "result\n"
    assert json.loads(done.stderr)["event"] == "w"


@activity.defn
async def says() -> None:
    activity.logger.info("activity_line", extra={"amount": "12.50"})


@workflow.defn
class Speaks:
    """Says something before and after an activity; with no cache it is replayed in between."""

    @workflow.run
    async def run(self) -> None:
        workflow.logger.info("before", extra={"phase": "intake"})
        await workflow.execute_activity(says, start_to_close_timeout=timedelta(seconds=10))
        await workflow.sleep(timedelta(milliseconds=10))
        workflow.logger.info("after")


async def test_lines_of_a_dossier_carry_its_number_and_are_not_repeated_by_a_replay(
    temporal_client: Client, stream: io.StringIO
) -> None:
    logs.configure("json", "INFO", stream)
    number = f"ANT-2024-S-{uuid.uuid4()}"
    worker = Worker(
        temporal_client,
        task_queue=number,
        workflows=[Speaks],
        activities=[says],
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_cached_workflows=0,
    )
    async with worker:
        handle = await temporal_client.start_workflow(Speaks.run, id=number, task_queue=number)
        await handle.result()
    said = [line for line in _lines(stream) if line["event"] in ("before", "activity_line", "after")]
    assert [line["event"] for line in said] == ["before", "activity_line", "after"]
    assert all(line["dossier"] == number for line in said)
    assert all(line["run"] == handle.first_execution_run_id for line in said)
    before, inside, _ = said
    assert (before["phase"], before["workflow"]) == ("intake", "Speaks")
    assert (inside["amount"], inside["activity"], inside["attempt"]) == ("12.50", "says", 1)
    assert not {"temporal_workflow", "temporal_activity"} & {key for line in said for key in line}
