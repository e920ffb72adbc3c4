"""The one way to Temporal: who connects, starts, works or replays uses the same data converter."""

from __future__ import annotations

import dataclasses
import logging
from functools import lru_cache
from typing import Any, ClassVar

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from encryption import EncryptionCodec
from settings import Settings


class OnePydanticConverter(PydanticPayloadConverter):
    """Pydantic for the shape of payloads, and one for the whole process.

    The SDK makes a converter, with an empty cache of types, several times for every turn of every dossier.
    """

    _one: ClassVar[OnePydanticConverter | None] = None

    def __new__(cls) -> OnePydanticConverter:
        """The one there is."""
        if cls._one is None:
            cls._one = super().__new__(cls)
            PydanticPayloadConverter.__init__(cls._one)
        return cls._one

    def __init__(self) -> None:
        """It was made already."""


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic for the shape; with PAYLOAD_KEYS set, ciphertext for the content and for the text of failures.

    Raises:
        Defect: PAYLOAD_KEYS cannot be read.
    """
    if settings.payload_keys is None:
        return _PLAIN
    return dataclasses.replace(
        _PLAIN,
        payload_codec=EncryptionCodec.parse(settings.payload_keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


_PLAIN = DataConverter(payload_converter_class=OnePydanticConverter)


@lru_cache(maxsize=1)
def _runtime(metrics_address: str | None) -> Runtime:
    """One per process. The SDK's own lines go through Python's logging, because stdout is kept for results."""
    metrics = None
    if metrics_address is not None:
        metrics = PrometheusConfig(bind_address=metrics_address, durations_as_seconds=True, counters_total_suffix=True)
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    level = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(
        telemetry=TelemetryConfig(logging=LoggingConfig(filter=level, forwarding=forwarding), metrics=metrics)
    )


async def connect(settings: Settings, **options: Any) -> Client:
    """Connect to Temporal's frontend; `options` go to `Client.connect`, such as `lazy` or `interceptors`.

    Raises:
        RuntimeError: Temporal cannot be reached, or METRICS_ADDRESS is taken.
        Defect: PAYLOAD_KEYS cannot be read.
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(settings),
        runtime=_runtime(settings.metrics_address),
        **options,
    )
