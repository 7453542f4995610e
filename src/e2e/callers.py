"""Callers, and a provider behind them, that go on while something happens to the service between them.

    callers.py PORT PROVIDER_PORT COMMAND [ARGUMENT ...]

Keeps 200 streams of two seconds open and sends 500 requests a second, half of them on fresh connections, from before
COMMAND until after it; then says what became of them. Exit code 1 if one was refused, broken or cut, or COMMAND failed.
"""

import asyncio
import logging
import sys
import time

STREAMS, EVENTS, PAUSE = 200, 20, 0.1
CALLERS, RATE = 50, 500
PATIENCE = 30
REQUEST = b"GET /v1/%b HTTP/1.1\r\nHost: test\r\n\r\n"


async def provide(reader, writer):
    """Streams for /v1/stream, one line for everything else."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b" /v1/stream " in head:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                for number in range(EVENTS):
                    writer.write(b"%x\r\ndata: %03d\n\n\r\n" % (11, number))
                    await asyncio.sleep(PAUSE)
                writer.write(b"0\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nyes")
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


class Callers:
    def __init__(self, port):
        self.port, self.ending = port, False
        self.answered = self.whole = 0
        self.faults = []

    async def request(self, number):
        """A caller that keeps its connection, or one that never does."""
        connection, due = None, time.monotonic()
        while not self.ending:
            due = max(due + CALLERS / RATE, time.monotonic() - 1)
            await asyncio.sleep(max(0, due - time.monotonic()))
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                connection[1].write(REQUEST % b"models")
                head = await asyncio.wait_for(connection[0].readuntil(b"\r\n\r\n"), PATIENCE)
                body = await asyncio.wait_for(connection[0].readexactly(3), PATIENCE)
                if b" 200 " not in head.split(b"\r\n")[0] or body != b"yes":
                    raise OSError(f"answered with {head[:40]!r}")
                self.answered += 1
                stays = number % 2 and b"connection: close" not in head.lower()
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as fault:
                self.faults.append(f"request: {type(fault).__name__} {fault}")
                stays = False
            if not stays and connection:
                connection[1].close()
                connection = None

    async def stream(self, number):
        await asyncio.sleep(number * EVENTS * PAUSE / STREAMS)
        while not self.ending:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(REQUEST % b"stream")
                content = await asyncio.wait_for(reader.readuntil(b"0\r\n\r\n"), PATIENCE)
                if content.count(b"data: ") != EVENTS:
                    raise OSError("events are missing")
                self.whole += 1
                writer.close()
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as fault:
                self.faults.append(f"stream: {type(fault).__name__} {fault}")
                await asyncio.sleep(0.1)


async def main(port, provider_port, command):
    await asyncio.start_server(provide, "127.0.0.1", provider_port, limit=1 << 16)
    callers = Callers(port)
    began = time.monotonic()
    tasks = [asyncio.create_task(callers.request(number)) for number in range(CALLERS)]
    tasks += [asyncio.create_task(callers.stream(number)) for number in range(STREAMS)]
    await asyncio.sleep(4)
    before = len(callers.faults)
    code = await (await asyncio.create_subprocess_exec(*command)).wait()
    await asyncio.sleep(3)
    seconds = time.monotonic() - began
    callers.ending = True
    await asyncio.gather(*tasks)
    for fault in callers.faults[:5]:
        print(fault)
    print(f"{callers.answered} requests ({callers.answered / seconds:.0f}/s), {callers.whole} streams ({STREAMS} at a time), "
          f"{len(callers.faults)} refused or cut, {before} of them before it began")
    return 1 if callers.faults or code else 0


logging.disable()  # a provider whose caller has left has nothing to say
sys.exit(asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))
