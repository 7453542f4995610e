"""What the suite's service calls: a provider in the clear and one with TLS, a proxy between, and a server for names."""

import hashlib
import http.server
import json
import socket
import socketserver
import ssl
import struct
import threading
import time

PLAIN, SECURE, CONNECT, NAMES = 9001, 9002, 9003, 53
HERE = ("provider.test", "secure.test")
CHUNKS, CHUNK = 40, 2_500
EVENTS, PAUSE = 10, 0.05

LEFT = threading.Event()
"""Set when a stream without end has lost its reader."""

CONNECTED = []
"""What the proxy was asked for."""


class Provider(http.server.BaseHTTPRequestHandler):
    """Does what the last part of the path says; what it does not know it echoes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def respond(self):
        what = self.path.partition("?")[0].rpartition("/")[2]
        failing, _, where = what.partition("-")
        if failing in ("fails", "breaks") and where in ("", self.server.name):
            self.close_connection = True
            if failing == "fails":
                self.send(503, b"{}")
            return
        if what.startswith("status-"):
            self.send(int(where), b"{}")
        else:
            getattr(self, what, self.echo)()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = respond

    def echo(self):
        digest, count = hashlib.sha256(), 0
        for piece in self.pieces():
            digest.update(piece)
            count += len(piece)
        self.send(200, json.dumps({
            "service": self.server.name, "method": self.command, "path": self.path, "bytes": count,
            "sha256": digest.hexdigest()}).encode())

    def pieces(self):
        """The request's body."""
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            left = int(self.headers.get("Content-Length", 0))
            while left and (piece := self.rfile.read(min(left, 1 << 16))):
                left -= len(piece)
                yield piece

    def send(self, status, content):
        self.begin(status, "application/json", ("Content-Length", len(content)))
        if self.command != "HEAD":
            self.wfile.write(content)

    def begin(self, status, kind, *fields):
        self.send_response(status)
        for name, value in (("Content-Type", kind), *fields):
            self.send_header(name, value)
        self.end_headers()

    def chunk(self, content):
        self.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))

    def slow(self):
        time.sleep(0.5)
        self.echo()

    def chunked(self):
        self.begin(200, "text/plain", ("Transfer-Encoding", "chunked"))
        for _ in range(CHUNKS):
            self.chunk(b"x" * CHUNK)
        self.chunk(b"")

    def events(self):
        list(self.pieces())
        self.begin(200, "text/event-stream", ("Transfer-Encoding", "chunked"))
        for number in range(EVENTS):
            self.chunk(b"data: %d\n\n" % number)
            time.sleep(PAUSE)
        self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")

    def forever(self):
        self.begin(200, "text/event-stream", ("Transfer-Encoding", "chunked"))
        try:
            while True:
                self.chunk(b"data: more\n\n")
                time.sleep(PAUSE)
        except OSError:
            LEFT.set()
            self.close_connection = True

    def cut(self):
        self.begin(200, "text/plain", ("Content-Length", 1000))
        self.wfile.write(b"only this")
        self.close_connection = True

    def reset(self):
        self.cut()
        self.wfile.flush()
        time.sleep(0.2)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, *_):
        pass


class Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, request, client_address):
        pass  # whose caller has left


class SecureListener(Listener):
    def finish_request(self, request, client_address):  # on the connection's own thread, so that nobody waits for a handshake
        with self.context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)


class Proxy(socketserver.StreamRequestHandler):
    """CONNECT, and bytes both ways."""

    def handle(self):
        target = self.rfile.readline().split()[1].decode()
        while self.rfile.readline().strip():
            pass
        CONNECTED.append(target)
        with socket.create_connection(("127.0.0.1", int(target.rpartition(":")[2]))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(far, self.connection), daemon=True)
            back.start()
            pump(self.connection, far)
            back.join()


def pump(source, target):
    try:
        while piece := source.recv(1 << 16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for end in source, target:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Names(socketserver.BaseRequestHandler):
    """Answers for the names of this machine (RFC 1035); there are no others."""

    def handle(self):
        question, answering = self.request
        labels, at = [], 12
        while length := question[at]:
            labels.append(question[at + 1 : at + 1 + length].decode())
            at += length + 1
        kind = struct.unpack_from("!H", question, at + 1)[0]
        known = ".".join(labels) in HERE
        found = known and kind == 1
        head = question[:2] + struct.pack("!HHHHH", 0x8580 if known else 0x8583, 1, found, 0, 0)
        address = struct.pack("!HHHIH4B", 0xC00C, 1, 1, 1, 4, 127, 0, 0, 1) if found else b""
        answering.sendto(head + question[12 : at + 5] + address, self.client_address)


def start(certificate, key):
    secure = SecureListener(("127.0.0.1", SECURE), Provider)
    secure.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.context.load_cert_chain(certificate, key)
    secure.name = "secure"
    plain = Listener(("127.0.0.1", PLAIN), Provider)
    plain.name = "plain"
    for server in plain, secure, Listener(("127.0.0.1", CONNECT), Proxy), socketserver.ThreadingUDPServer(("127.0.0.1", NAMES), Names):
        threading.Thread(target=server.serve_forever, daemon=True).start()
