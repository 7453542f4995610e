"""Sends one message, as it is, and sees what comes back and how the connection ends."""

import re
import select
import socket
import threading
import time
from dataclasses import dataclass, field

STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\nTransfer-Encoding: *chunked\r\n", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nConnection: *close\r\n", re.IGNORECASE)
QUIET_SECONDS = 0.1  # behind an answer: time for a second one


@dataclass
class Outcome:
    statuses: list = field(default_factory=list)
    closed: bool = False
    hangs: bool = False
    millis: int = 0


def exchange(port, message, deadline_seconds):
    outcome = Outcome()
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        threading.Thread(target=send, args=(connection, message), daemon=True).start()
        received, ended = receive(connection, message, started + deadline_seconds)
        outcome.millis = int((time.monotonic() - started) * 1000)
        outcome.statuses, whole = answers(received, message, ended)
        outcome.hangs = not ended and not whole
        outcome.closed = ended or bool(CLOSES.search(received))
        if not ended:
            finish(connection)
    return outcome


def send(connection, message):
    try:
        connection.sendall(message)
    except OSError:
        pass  # it has had enough


def receive(connection, message, until):
    received = b""
    while (left := until - time.monotonic()) > 0:
        whole = answers(received, message, False)[1]
        if not select.select([connection], [], [], min(QUIET_SECONDS, left) if whole else left)[0]:
            return received, False
        try:
            octets = connection.recv(65536)
        except ConnectionError:
            return received, True
        if not octets:
            return received, True
        received += octets
    return received, False


def finish(connection):
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.5)
        while connection.recv(65536):
            pass
    except OSError:
        pass


def answers(received, message, ended):
    """The statuses of the final answers, and whether the last of them is whole."""
    statuses, whole = [], False
    while head := received.find(b"\r\n\r\n") + 4 if STATUS.match(received) else 0:
        if head < 4:
            break
        status = int(STATUS.match(received).group(1))
        end = body_end(received, head, status, message)
        if status >= 200:
            statuses.append(status)
            whole = end is not None or ended
        if end is None:
            break
        received = received[end:]
    return statuses, whole


def body_end(received, head, status, message):
    if status < 200 or status in (204, 304) or message.startswith(b"HEAD "):
        return head
    length = LENGTH.search(received[:head])
    if length:
        end = head + int(length.group(1))
        return end if end <= len(received) else None
    if CHUNKED.search(received[:head]):
        end = received.find(b"0\r\n\r\n", head)
        return end + 5 if end >= 0 else None
    return None
