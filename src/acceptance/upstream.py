"""Two services on loopback that answer as the path says; the acceptance runs start it as a process.

    /answer?bytes=N                        JSON of about N bytes
    /stream?events=N&millis=M&mark=X       an event stream: N events, one each M milliseconds, each with X and its number
    /flood?bytes=N                         N bytes as fast as they are taken
    /fail?status=S&mark=X                  an error page with X in it
    /silent                                nothing, until the gateway leaves
    /v1/images/generations?seconds=N       JSON after N seconds
    /counts                                what this process has seen, as JSON
"""

import asyncio
import json
import time
import urllib.parse

import rig

PIECE = b"x" * 16384
seen = {"connections": 0, "calls": 0, "flooded": 0, "served": 0}


async def serve(reader, writer):
    seen["connections"] += 1
    try:
        while head := await request_head(reader):
            seen["calls"] += 1
            try:
                await answer(writer, *head)
                seen["served"] += 1
            finally:
                seen["calls"] -= 1
    except (OSError, asyncio.IncompleteReadError):
        pass  # the gateway cancelled the call
    finally:
        seen["connections"] -= 1
        writer.close()


async def request_head(reader):
    """Path and query of the next request; its body is read and forgotten."""
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    async for _ in rig.pieces(reader, fields) if {"content-length", "transfer-encoding"} & set(fields) else nothing():
        pass
    url = urllib.parse.urlsplit(lines[0].split(" ")[1])
    return url.path, dict(urllib.parse.parse_qsl(url.query))


async def nothing():
    return
    yield


async def answer(writer, path, query):
    match path:
        case "/stream":
            await stream(writer, int(query["events"]), int(query["millis"]) / 1000, query.get("mark", ""))
        case "/flood":
            await flood(writer, int(query["bytes"]))
        case "/fail":
            await page(writer, int(query.get("status", 500)), {"error": query.get("mark", "")})
        case "/v1/images/generations":
            await asyncio.sleep(float(query["seconds"]))
            await page(writer, 200, {"mark": query.get("mark", "")})
        case "/silent":
            await silence(writer)
        case "/counts":
            await page(writer, 200, seen)
        case _:
            await page(writer, 200, {"mark": query.get("mark", ""), "text": "x" * int(query.get("bytes", 100))})


async def page(writer, status, content):
    body = json.dumps(content).encode()
    writer.write(f"HTTP/1.1 {status} S\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode())
    writer.write(body)
    await writer.drain()


async def stream(writer, events, pause, mark):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    began = time.monotonic()
    for number in range(events):
        event = f"data: {mark} {number} {time.monotonic():.6f}\n\n".encode()
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await writer.drain()
        # Paced from the beginning: a late event does not delay the ones behind it.
        await asyncio.sleep(max(0, began + (number + 1) * pause - time.monotonic()))
        if writer.is_closing():
            raise ConnectionError("the gateway left")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def silence(writer):
    while not writer.is_closing():
        await asyncio.sleep(0.5)
    raise ConnectionError("the gateway left")


async def flood(writer, size):
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {size}\r\n\r\n".encode())
    while size:
        piece = PIECE[:size]
        writer.write(piece)
        await writer.drain()
        size -= len(piece)
        seen["flooded"] += len(piece)


async def main():
    rig.raise_file_limit()
    servers = [await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096) for _ in range(2)]
    print("ports", *(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main())
