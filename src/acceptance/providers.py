"""Providers on loopback that answer in the OpenAI dialect, and fall sick in the ways that they are told; `channels` starts
them as a process.

A provider is told over the control port, `/sick?PROVIDER=HOW&...`; those that are not named are well:

    dead      refuses connections, and resets those on which it has not begun to answer
    throttled answers 429, with a `Retry-After` of a second
    cut       stops before its first content
    failing   answers 503
    silent    takes the request and says nothing
    broken    stops behind its first content

`/record` says what became of each request, by the mark in its body, and forgets it. What has content is never broken off
but by `broken`: after it nobody else could help.
"""

import asyncio
import json
import re
import socket
import struct
import sys
import urllib.parse

import rig

MARK = re.compile(rb"mk\d+")
PAUSE = 0.01  # between the pieces of an answer, seconds
WORDS = 4
RESET = struct.pack("ii", 1, 0)


class Provider:
    """One of them.

    record: gets [provider, outcome, whether the key was its own] by mark
    """

    def __init__(self, number, record):
        self.number = number
        self.record = record
        self.state = "new"
        self.waiting = set()  # connections on which nothing was answered yet
        self.socket = bound(0)
        self.port = self.socket.getsockname()[1]
        self.server = None

    async def becomes(self, state):
        if state == self.state:
            return
        self.state = state
        if state == "dead":
            self.server.close()
            self.server, self.socket = None, bound(self.port)
            for writer in list(self.waiting):
                reset(writer)
        elif self.server is None:
            self.server = await asyncio.start_server(self.serve, sock=self.socket, backlog=1024)

    async def serve(self, reader, writer):
        self.waiting.add(writer)
        try:
            while self.state != "dead" and (request := await read_request(reader)):
                await self.answer(reader, writer, *request)
                self.waiting.add(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # it was reset, or the gateway left
        finally:
            self.waiting.discard(writer)
            writer.close()

    async def answer(self, reader, writer, fields, body):
        mark = MARK.search(body)[0].decode()
        own = fields.get("authorization", "").startswith(f"Bearer sk-fake-{self.number}-")
        entry = [self.number, "lost", own]
        self.record.setdefault(mark, []).append(entry)
        asked = json.loads(body)
        answered = self.state
        match answered:
            case "throttled":
                await page(writer, 429, {"error": {"message": "slow down"}}, "Retry-After: 1\r\n")
            case "failing":
                await page(writer, 503, {"error": {"message": "not now"}})
            case "silent":
                await reader.read()
            case "cut" | "broken":
                await piece(writer, asked, mark, answered == "broken")
            case _:
                self.waiting.discard(writer) if asked.get("stream") else await asyncio.sleep(PAUSE)
                await (stream if asked.get("stream") else whole)(writer, mark)
        entry[1] = answered
        if answered in ("silent", "cut", "broken"):
            reset(writer)
            raise ConnectionError


def bound(port):
    """A socket that has a port and does not listen: who connects is refused, and nobody else gets the port."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", port))
    return one


def reset(writer):
    if writer.is_closing():
        return
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()


async def read_request(reader):
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    return fields, b"".join([part async for part in rig.pieces(reader, fields)])


async def page(writer, status, content, fields=""):
    body = json.dumps(content).encode()
    head = f"HTTP/1.1 {status} S\r\nContent-Type: application/json\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


def completion(mark):
    message = {"role": "assistant", "content": f"{mark} " * WORDS}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": mark, "object": "chat.completion", "model": "up-m", "choices": [choice],
            "usage": {"prompt_tokens": 3, "completion_tokens": WORDS, "total_tokens": 3 + WORDS}}


async def whole(writer, mark):
    await page(writer, 200, completion(mark))


def event(mark, delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": mark, "object": "chat.completion.chunk", "model": "up-m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def events(mark):
    yield event(mark, {"role": "assistant", "content": ""})
    for _ in range(WORDS):
        yield event(mark, {"content": f"{mark} "})
    yield event(mark, {}, "stop")
    yield b"data: [DONE]\n\n"


async def begin_stream(writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")


async def chunk(writer, content):
    writer.write(b"%x\r\n%s\r\n" % (len(content), content))
    await writer.drain()
    await asyncio.sleep(PAUSE)


async def stream(writer, mark):
    await begin_stream(writer)
    for one in events(mark):
        await chunk(writer, one)
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def piece(writer, asked, mark, content):
    """The beginning of an answer: a stream up to its role, or behind its first word; half of a whole one."""
    if asked.get("stream"):
        await begin_stream(writer)
        for one in list(events(mark))[: 2 if content else 1]:
            await chunk(writer, one)
    else:
        body = json.dumps(completion(mark)).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body[: len(body) // 2])
        await writer.drain()
        await asyncio.sleep(PAUSE)


async def control(reader, writer, providers, record):
    target = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ")[1]
    url = urllib.parse.urlsplit(target)
    content = {}
    if url.path == "/sick":
        states = dict(urllib.parse.parse_qsl(url.query))
        for provider in providers:
            await provider.becomes(states.get(str(provider.number), "well"))
    else:
        content = dict(record)
        record.clear()
    await page(writer, 200, content, "Connection: close\r\n")
    writer.close()


async def main(count):
    rig.raise_file_limit()
    record = {}
    providers = [Provider(number, record) for number in range(count)]
    for provider in providers:
        await provider.becomes("well")
    listener = await asyncio.start_server(lambda r, w: control(r, w, providers, record), "127.0.0.1", 0)
    ports = [listener.sockets[0].getsockname()[1], *(provider.port for provider in providers)]
    print("ports", *ports, flush=True)
    await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
