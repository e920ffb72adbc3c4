"""The one way to Temporal: who connects, starts, works or replays uses the same data converter."""

from __future__ import annotations

import dataclasses
import logging
from functools import lru_cache
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
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


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic for the shape; with PAYLOAD_KEYS set, ciphertext for the content and for the text of failures.

    Raises:
        Defect: PAYLOAD_KEYS cannot be read.
    """
    if settings.payload_keys is None:
        return pydantic_data_converter
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec.parse(settings.payload_keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


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
