"""Jobs through procrastinate, in an environment of its own: `on_procrastinate.py URL JOBS AT_ONCE`."""

import asyncio
import json
import sys
from time import perf_counter, process_time

from procrastinate import App, PsycopgConnector
from procrastinate.tasks import Task

CONNECTIONS = 10


async def put(send: Task, jobs: int, at_once: int) -> float:
    left = iter(range(jobs))

    async def one() -> None:
        for number in left:
            await send.defer_async(number=number)

    began = perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    return jobs / (perf_counter() - began)


async def main(url: str, jobs: int, at_once: int) -> None:
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=CONNECTIONS))
    seen: list[int] = []

    @app.task(name="send")
    async def send(number: int) -> None:
        seen.append(number)

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        putting = await put(send, jobs, at_once)
        began, processor = perf_counter(), process_time()
        await app.run_worker_async(concurrency=at_once, wait=False, install_signal_handlers=False)
        took, cost = perf_counter() - began, process_time() - processor
    assert sorted(seen) == list(range(jobs)), "lost or done twice"
    print(json.dumps({"put": putting, "done": jobs / took, "cost": 1000 * cost / jobs}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
