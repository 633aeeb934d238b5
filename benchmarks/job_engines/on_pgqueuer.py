"""Jobs through pgqueuer, in an environment of its own: `on_pgqueuer.py URL JOBS AT_ONCE`; JSON out."""

import asyncio
import json
import sys
from time import perf_counter, process_time

import asyncpg
from pgqueuer import PgQueuer, types
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.models import Job
from pgqueuer.queries import Queries

CONSUMERS = 5
"""As many as its own benchmark takes, with its batches of ten."""
CONNECTIONS = 10


async def put(url: str, jobs: int, at_once: int) -> float:
    async with asyncpg.create_pool(url, max_size=CONNECTIONS) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))
        await queries.install()
        left = iter(range(jobs))

        async def one() -> None:
            for number in left:
                await queries.enqueue("send", str(number).encode())

        began = perf_counter()
        await asyncio.gather(*(one() for _ in range(at_once)))
        return jobs / (perf_counter() - began)


async def done(url: str, jobs: int) -> tuple[float, float]:
    seen: list[int] = []
    consumers = [PgQueuer(AsyncpgDriver(await asyncpg.connect(url))) for _ in range(CONSUMERS)]
    for each in consumers:

        @each.entrypoint("send")
        async def send(job: Job) -> None:
            seen.append(int(job.payload))

    began, processor = perf_counter(), process_time()
    drain = types.QueueExecutionMode.drain
    await asyncio.gather(*(each.run(batch_size=10, mode=drain) for each in consumers))
    took, cost = perf_counter() - began, process_time() - processor
    assert sorted(seen) == list(range(jobs)), "lost or done twice"
    return jobs / took, 1000 * cost / jobs


async def main(url: str, jobs: int, at_once: int) -> None:
    putting = await put(url, jobs, at_once)
    doing, cost = await done(url, jobs)
    print(json.dumps({"put": putting, "done": doing, "cost": cost}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
