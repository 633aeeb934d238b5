"""Following one turn: its id on every log line, its spans where OpenTelemetry is switched on."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import trace

from storage import trail

NOBODYS: trace.Tracer = trace.NoOpTracer()
TRACER = NOBODYS
"""Makes no spans, not even empty ones, until `switch_on` was called."""
NO_SPAN: AbstractContextManager[None] = nullcontext()


@contextmanager
def turn(name: str) -> Iterator[None]:
    """Everything done inside belongs to this turn: what is logged, and what is written to be sent."""
    with trail.within(name), _span("turn", name):
        yield


@contextmanager
def sending(name: str, outbox: int) -> Iterator[None]:
    """Everything done inside is about sending one message that a turn brought about."""
    with trail.marked({"turn": name, "outbox": outbox}), _span("send", name):
        yield


def _span(kind: str, name: str) -> AbstractContextManager[None]:
    """A span where they are collected, else nothing at all."""
    return NO_SPAN if TRACER is NOBODYS else _told(kind, name)


@contextmanager
def _told(kind: str, name: str) -> Iterator[None]:
    """A span that tells an error's kind and nothing of its words: they may be a citizen's."""
    started = TRACER.start_as_current_span(kind, record_exception=False, set_status_on_exception=False)
    with started as span:
        span.set_attribute("kentongan.turn", name)
        try:
            yield
        except Exception as error:
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise


def switch_on(collector: str) -> None:
    """Send spans to an OTLP collector at this address, such as `http://127.0.0.1:4318/v1/traces`."""
    # Its exporter takes half a second to import: only where spans are wanted.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    global TRACER  # noqa: PLW0603 it is asked for wherever a turn begins
    provider = TracerProvider(resource=Resource.create({"service.name": "kentongan"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=collector)))
    trace.set_tracer_provider(provider)
    TRACER = trace.get_tracer("kentongan")
