"""Following one turn: its id on every log line, its spans where OpenTelemetry is switched on."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from structlog.contextvars import bound_contextvars

from storage import trail

TRACER = trace.get_tracer("kentongan")
"""Does nothing until `switch_on` was called."""


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Everything done inside belongs to this turn: what is logged, and what is written to be sent."""
    with trail.within(name), bound_contextvars(turn=name), TRACER.start_as_current_span("turn") as span:
        span.set_attribute("kentongan.turn", name)
        yield


@contextmanager
def sending(name: str, outbox: int) -> Iterator[None]:
    """Everything done inside is about sending one message that a turn brought about."""
    with bound_contextvars(turn=name, outbox=outbox), TRACER.start_as_current_span("send") as span:
        span.set_attribute("kentongan.turn", name)
        yield


def switch_on(collector: str) -> None:
    """Send spans to an OTLP collector at this address, such as `http://127.0.0.1:4318/v1/traces`."""
    # Its exporter takes half a second to import: only where spans are wanted.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "kentongan"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    trace.set_tracer_provider(provider)
