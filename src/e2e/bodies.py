"""Clients that all send a large body at the same time, and a provider that lets each of them wait.

    bodies.py PORT PROVIDER_PORT CLIENTS

Says how many were served, turned away (503), and left without an answer. Exit code 0 whatever came of them.
"""

import asyncio
import collections
import logging
import resource
import sys

SIZE = 1 << 20
WAIT, PATIENCE = 4, 60
HEAD = b"POST /v1/echo HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n" % SIZE
BODY = bytes(SIZE)


async def provide(reader, writer):
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(WAIT)
            await reader.readexactly(SIZE)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def call(port):
    """The status of the answer, as text; who is turned away may be so before all of the body has left."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return "broken"
    sending = asyncio.create_task(send(writer))
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return head.split(b" ", 2)[1].decode()
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        return "broken"
    finally:
        sending.cancel()
        writer.close()


async def send(writer):
    try:
        writer.write(HEAD)
        for begin in range(0, SIZE, 1 << 16):
            writer.write(BODY[begin : begin + (1 << 16)])
            await writer.drain()
    except OSError:
        pass


async def main(port, provider_port, clients):
    await asyncio.start_server(provide, "127.0.0.1", provider_port, limit=SIZE, backlog=4096)
    found = collections.Counter(await asyncio.gather(*(call(port) for _ in range(clients))))
    print(", ".join(f"{count} {what}" for what, count in sorted(found.items())))


logging.disable()
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
asyncio.run(main(*map(int, sys.argv[1:])))
