"""Examine: files are looked into by processes of their own, one file at a time each."""

import asyncio
import fcntl
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict, replace

import structlog
from pydantic import TypeAdapter, ValidationError

from tickets.evidence.findings import BROKEN, Examination
from tickets.policies.evidence import EvidencePolicy

log = structlog.get_logger(__name__)

EXAMINER = "bot.services.files.examiner"
LENGTH = 8
PATIENCE = 10.0
"""How much longer than its own limit an examiner may take by the clock: it stands behind everybody else."""
GRACE = 30.0
"""Seconds beyond that, to start and to read and write."""
TRIES = 2
"""A file whose examiner died is looked at once more: it may have died of something else."""
USED_UP = -signal.SIGPROF
"""How an examiner ends that used up its processor time: that is the file's doing."""
WIDE = 1 << 20
"""Bytes a pipe to an examiner holds, where the system can: a usual photo goes in at once. With the usual
64 KB, every 4 KB that the examiner takes out wake the event loop for the next."""
FINDINGS = TypeAdapter(Examination)
GONE = (asyncio.IncompleteReadError, ConnectionError, ValidationError)


class NotExaminedError(Exception):
    """No examiner could be started, or none came to an end: a later try may tell what the file is."""


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
        """What is found in a file; one that brings its examiner down is broken.

        Raises:
            NotExaminedError: the machine, not the file, is at fault.
        """
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
        self._killed: list[Process] = []

    async def try_hard(self, content: bytes) -> Examination:
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(self._policy.seconds * PATIENCE + GRACE):
                    return await self._ask(content)
            except GONE as problem:
                ended = await self.end()
                log.warning("examiner lost", size=len(content), reason=type(problem).__name__, ended=ended)
                if ended == USED_UP:
                    break
            except OSError as problem:  # a time-out among them
                await self.end()
                raise NotExaminedError(type(problem).__name__) from problem
            except asyncio.CancelledError:
                self._kill()  # its answer would be taken for that of the next file
                raise
        return Examination(refused=BROKEN)

    async def _ask(self, content: bytes) -> Examination:
        process = await self._ready()
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(len(content).to_bytes(LENGTH, "big"))
        process.stdin.write(content)
        await process.stdin.drain()
        found = FINDINGS.validate_python(json.loads(await _part(process.stdout)))
        return replace(found, copy=await _part(process.stdout))

    async def _ready(self) -> Process:
        """A process that waits for a file.

        Raises:
            NotExaminedError: it did not come up.
        """
        if self._process is None:
            self._process = await self._start()
            assert self._process.stdout is not None  # noqa: S101 it is a pipe
            try:
                await _part(self._process.stdout)
            except asyncio.IncompleteReadError as problem:
                raise NotExaminedError(f"it ended with {await self.end()}") from problem
        return self._process

    async def _start(self) -> Process:
        policy = self._policy
        limits = asdict(policy.limits) | {"accepted": sorted(policy.limits.accepted)}
        told = json.dumps({"limits": limits, "seconds": policy.seconds, "memory": policy.memory})
        command = (sys.executable, "-m", EXAMINER, told)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        _widen(process)
        return process

    async def end(self) -> int | None:
        """End the process, and wait for those killed before; how it ended, by itself where it had already."""
        self._kill()
        code = None
        while self._killed:
            process = self._killed.pop(0)
            await process.communicate()  # with an answer left unread, waiting alone would never end
            code = process.returncode
        return code

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            assert process.stdin is not None  # noqa: S101
            process.stdin.close()
            self._killed.append(process)


def _widen(process: Process) -> None:
    if process.stdin is not None and hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux alone has it
        with suppress(OSError):  # somebody's pipes may have used up what one user may have
            fcntl.fcntl(process.stdin.get_extra_info("pipe"), fcntl.F_SETPIPE_SZ, WIDE)


async def _part(answers: asyncio.StreamReader) -> bytes:
    head = await answers.readexactly(LENGTH)
    return await answers.readexactly(int.from_bytes(head, "big"))
