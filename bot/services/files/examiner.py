"""The process strangers' files are decoded in: little memory, no files, low priority, and easily replaced.

Asked and answered over standard input and output: an empty part out once it is ready; then a length and the
bytes in; a length and the findings, a length and the copy out. Started by `examining`, which ends it when it
takes too long.
"""

import contextlib
import json
import os
import resource
import signal
import sys
from dataclasses import asdict, replace
from typing import BinaryIO

from tickets.evidence.examine import examine
from tickets.evidence.findings import Limits

LENGTH = 8  # bytes a length is written in
NICENESS = 10
"""Whoever waits for an answer comes before whoever waits for a fingerprint."""


def main() -> None:
    """Examine until the asking end is closed; the first argument holds limits, seconds and memory as JSON."""
    told = json.loads(sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not end up among the answers
    _confine(told["memory"])
    limits = Limits(**told["limits"] | {"accepted": frozenset(told["limits"]["accepted"])})
    _answer(answers, b"")
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, answers, limits, told["seconds"])


def serve(questions: BinaryIO, answers: BinaryIO, limits: Limits, seconds: float) -> None:
    """Answer one question after the other; one that takes more `seconds` of processor ends the process."""
    while head := questions.read(LENGTH):
        content = questions.read(int.from_bytes(head, "big"))
        signal.setitimer(signal.ITIMER_PROF, seconds)
        found = examine(content, limits)
        signal.setitimer(signal.ITIMER_PROF, 0)
        told = json.dumps(asdict(replace(found, copy=b"")), default=bytes.decode).encode()
        _answer(answers, told, found.copy)


def _answer(answers: BinaryIO, *parts: bytes) -> None:
    answers.writelines(len(part).to_bytes(LENGTH, "big") + part for part in parts)
    answers.flush()


def _confine(memory: int) -> None:
    """At most so many bytes of memory, no file written, no core left behind, behind everybody else."""
    os.nice(NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
