"""Kentongan's server under cProfile, from SIGUSR1 on: processor time of the loop's thread, not of waiting."""

import cProfile
import signal
import sys
import time

from bot.commands import serve


def main() -> None:
    """Serve until ended, then write what was seen into the file named first."""
    profile = cProfile.Profile(time.thread_time)
    signal.signal(signal.SIGUSR1, lambda *_: profile.enable())
    serve.serve()
    profile.disable()
    profile.dump_stats(sys.argv[1])


if __name__ == "__main__":
    main()
