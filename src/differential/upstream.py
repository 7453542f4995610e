"""The upstream that all gateways have in common: answers every request, and remembers the bytes of each."""

import re
import socket
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\nTransfer-Encoding: chunked\r\n", re.IGNORECASE)


class Upstream:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.whole = []
        self.begun = {}
        threading.Thread(target=self.accept, daemon=True).start()

    def take(self):
        """The whole requests since the last call, and how many others were begun."""
        with self.lock:
            whole, begun = self.whole, len(self.begun)
            self.whole, self.begun = [], {}
        return whole, begun

    def accept(self):
        while True:
            connection = self.listener.accept()[0]
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        buffer = b""
        try:
            while octets := connection.recv(65536):
                buffer += octets
                while (end := message_end(buffer)) > 0:
                    request, buffer = buffer[:end], buffer[end:]
                    with self.lock:
                        self.whole.append(request)
                    content = b"" if request.startswith(b"HEAD ") else b"echo"
                    connection.sendall(ANSWER % (4, content))
                with self.lock:
                    self.begun.pop(connection, None)
                    if buffer:
                        self.begun[connection] = buffer
        except OSError:
            pass  # the gateway called it off
        finally:
            connection.close()


def message_end(buffer):
    """Where the first request ends; 0 while it is not whole."""
    head = buffer.find(b"\r\n\r\n") + 4
    if head < 4:
        return 0
    if CHUNKED.search(buffer[:head]):
        return chunks_end(buffer, head)
    length = LENGTH.search(buffer[:head])
    end = head + (int(length.group(1)) if length else 0)
    return end if end <= len(buffer) else 0


def chunks_end(buffer, position):
    while (line_end := buffer.find(b"\r\n", position)) >= 0:
        try:
            size = int(buffer[position:line_end].split(b";")[0], 16)
        except ValueError:
            return 0
        if size == 0:
            end = buffer.find(b"\r\n\r\n", line_end)
            return end + 4 if end >= 0 else 0
        position = line_end + 2 + size + 2
    return 0
