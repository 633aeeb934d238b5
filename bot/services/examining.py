"""Examine: files are looked into by processes of their own, one file at a time each."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict, replace

import structlog
from pydantic import TypeAdapter, ValidationError

from tickets.evidence.findings import BROKEN, Examination
from tickets.policies.evidence import EvidencePolicy

log = structlog.get_logger(__name__)

EXAMINER = "bot.services.examiner"
LENGTH = 8
GRACE = 5.0
"""Seconds an examiner gets beyond its own limit, to start and to read and write."""
TRIES = 2
"""A file whose examiner died is looked at once more: it may have died of something else."""
FINDINGS = TypeAdapter(Examination)
GONE = (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ValidationError, OSError)


class Examiner:
    """Examines files beside the event loop; at most `workers` at once, each in bounded time and memory.

    The processes are started when the first file comes, and again after one that had to be ended.
    """

    def __init__(self, policy: EvidencePolicy, workers: int = 1) -> None:
        self._policy = policy
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers = [_Worker(policy) for _ in range(workers)]
        for worker in self._workers:
            self._idle.put_nowait(worker)

    async def examine(self, content: bytes) -> Examination:
        """What is found in a file; one that brings its examiner down is broken."""
        if len(content) > self._policy.limits.size:
            return Examination(refused="too_large")
        worker = await self._idle.get()
        try:
            return await worker.try_hard(content)
        finally:
            self._idle.put_nowait(worker)

    async def stop(self) -> None:
        """End the processes."""
        for worker in self._workers:
            await worker.end()


class _Worker:
    """One examiner process and the two pipes to it."""

    def __init__(self, policy: EvidencePolicy) -> None:
        self._policy = policy
        self._process: Process | None = None

    async def try_hard(self, content: bytes) -> Examination:
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(self._policy.seconds + GRACE):
                    return await self._ask(content)
            except GONE as problem:
                log.warning("examiner lost", size=len(content), reason=type(problem).__name__)
                await self.end()
            except asyncio.CancelledError:
                self._kill()  # its answer would be taken for that of the next file
                raise
        return Examination(refused=BROKEN)

    async def _ask(self, content: bytes) -> Examination:
        process = self._process or await self._start()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(len(content).to_bytes(LENGTH, "big"))
        process.stdin.write(content)
        await process.stdin.drain()
        found = FINDINGS.validate_python(json.loads(await _part(process.stdout)))
        return replace(found, copy=await _part(process.stdout))

    async def _start(self) -> Process:
        policy = self._policy
        limits = asdict(policy.limits) | {"accepted": sorted(policy.limits.accepted)}
        told = json.dumps({"limits": limits, "seconds": policy.seconds, "memory": policy.memory})
        command = (sys.executable, "-m", EXAMINER, told)
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        return self._process

    async def end(self) -> None:
        process = self._kill()
        if process is not None:
            await process.wait()

    def _kill(self) -> Process | None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            assert process.stdin is not None  # noqa: S101
            process.stdin.close()
        return process


async def _part(answers: asyncio.StreamReader) -> bytes:
    head = await answers.readexactly(LENGTH)
    return await answers.readexactly(int.from_bytes(head, "big"))
