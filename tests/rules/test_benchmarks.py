"""What the benchmark claims of itself: server and citizens each have a processor."""

import os
import subprocess
import sys

import pytest

from benchmarks.servers import PROCESSORS

APART = """
import os, subprocess, sys
from benchmarks.servers import Server, pin
pin(os.getpid(), 1)
server = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
shared = Server(server.pid, 0.0).apart()
pin(server.pid, 0)
print(shared, Server(server.pid, 0.0).apart())
server.communicate(b"\\n")
"""


@pytest.mark.skipif(len(PROCESSORS) < 2, reason="with one processor there is nothing to keep apart")
def test_a_server_gets_a_processor_that_its_citizens_do_not_use() -> None:
    told = subprocess.run([sys.executable, "-c", APART], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]
    assert len(os.sched_getaffinity(0)) == len(PROCESSORS)
