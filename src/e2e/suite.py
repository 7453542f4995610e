"""The end-to-end suite: every kind of call and every page of this version, through the service as it is installed.

    suite.py      as root, where martlet.service is installed; for a throwaway machine

Once in the clear and once with a certificate, a proxy on the way out and a listener for the operator. Puts its own
configuration, certificates, names and providers in place, restarts and reloads the service, and takes nothing of that
away. Each check is a line; exit code 1 when one failed.
"""

import hashlib
import http.client
import json
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import providers
from providers import CONNECT, PLAIN, SECURE

ETC = pathlib.Path("/etc/martlet")
PEM = ETC / "suite"
HERE, PORT, OPERATOR = "127.0.0.1", 8080, 8081
PATIENCE = 20
UPLOAD_MAX = 8 << 20

CLEAR = f"""
server:
  limits: {{upload: {UPLOAD_MAX}}}
  timeouts: {{request-body: 2s}}
transparent:
  services: ["http://provider.test:{PLAIN}/base", "https://secure.test:{SECURE}/base", "http://nowhere.test"]
  timeout: 5s
routing:
  retry-budget: 100%
  breaker: {{failures: 1000}}
"""
TLS = CLEAR.replace("server:", f"""server:
  tls: {{certificate: {PEM}/listener.pem, key: {PEM}/listener.key}}
  admin-listen: 127.0.0.1:{OPERATOR}""") + "log: {format: json, level: debug}\n"


class Caller:
    """How one reaches the service: in the clear, or with TLS."""

    def __init__(self, tls):
        self.tls = tls

    def socket(self):
        plain = socket.create_connection((HERE, PORT), PATIENCE)
        if not self.tls:
            return plain
        return ssl.create_default_context(cafile=PEM / "listener.pem").wrap_socket(plain, server_hostname="localhost")

    def connection(self):
        made = http.client.HTTPConnection(HERE, PORT, timeout=PATIENCE)
        made.sock = self.socket()
        return made

    def ask(self, method, path, body=None, headers={}, **how):
        """Status, fields and content of one answer."""
        connection = self.connection()
        try:
            connection.request(method, path, body, headers, **how)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def raw(self, text):
        """All that comes back for these bytes, until the connection ends."""
        with self.socket() as client:
            client.sendall(text if isinstance(text, bytes) else text.encode())
            got = b""
            try:
                while more := client.recv(1 << 16):
                    got += more
            except (ConnectionResetError, ssl.SSLError):
                pass
            return got

    def status(self, text):
        return int(self.raw(text).split(b" ", 2)[1])

    def json(self, method, path, *rest, **how):
        status, _, content = self.ask(method, path, *rest, **how)
        assert status == 200, (status, content[:200])
        return json.loads(content)


def equal(got, expected):
    assert got == expected, f"{got!r:.200}, not {expected!r:.200}"


def until(sight, what):
    end = time.monotonic() + PATIENCE
    while not sight():
        assert time.monotonic() < end, what
        time.sleep(0.05)


# --- Calls ----------------------------------------------------------------------------------------------------------


def answers_come_from_every_service_that_is_there(caller):
    seen = {caller.json("GET", "/v1/models?q=1")["service"] for _ in range(40)}
    equal(seen, {"plain", "secure"})
    equal(caller.json("GET", "/v1/models?q=1")["path"], "/base/v1/models?q=1")


def methods_pass(caller):
    for method in "GET", "POST", "PUT", "PATCH", "DELETE":
        equal(caller.json(method, "/v1/echo", b"x" if method != "GET" else None)["method"], method)


def a_head_has_no_body(caller):
    status, fields, content = caller.ask("HEAD", "/v1/echo")
    equal((status, content), (200, b""))
    assert int(fields["Content-Length"]) > 0


def one_connection_has_many_calls(caller):
    connection = caller.connection()
    for number in range(20):
        connection.request("POST", "/v1/echo", b"%d" % number)
        equal(json.loads(connection.getresponse().read())["bytes"], len(str(number)))
    connection.close()


def http_1_0_ends_with_its_connection(caller):
    head, _, body = caller.raw("GET /v1/chunked HTTP/1.0\r\nHost: a\r\n\r\n").partition(b"\r\n\r\n")
    assert b" 200 " in head and b"chunked" not in head.lower(), head
    equal(len(body), providers.CHUNKS * providers.CHUNK)


def chunked_answers_arrive(caller):
    status, fields, content = caller.ask("GET", "/v1/chunked")
    equal((status, len(content)), (200, providers.CHUNKS * providers.CHUNK))


def events_arrive_one_by_one(caller):
    connection = caller.connection()
    connection.request("POST", "/v1/events", b'{"stream": true}')
    answer = connection.getresponse()
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    first = answer.readline()
    began = time.monotonic()
    rest = answer.read()
    assert first == b"data: 0\n" and rest.endswith(b"data: [DONE]\n\n"), (first, rest[-40:])
    assert time.monotonic() - began > providers.EVENTS * providers.PAUSE / 2, "all at once"
    connection.close()


def uploads_are_whole(caller):
    for size in 10, 1 << 20, 5 << 20:
        body = bytes(range(256)) * (size // 256) + b"." * (size % 256)
        pieces = (body[at : at + 70_000] for at in range(0, size, 70_000))
        for sent, how in (body, {}), (pieces, {"encode_chunked": True, "headers": {"Transfer-Encoding": "chunked"}}):
            while True:  # a large body goes to one service alone, and one of them is not there
                status, _, content = caller.ask("POST", "/v1/echo", sent, **how)
                if status == 200:
                    equal(json.loads(content)["sha256"], hashlib.sha256(body).hexdigest())
                    break
                assert size >= 1 << 20, content
                sent = sent if sent is body else (body[at : at + 70_000] for at in range(0, size, 70_000))


def who_expects_100_gets_it(caller):
    with caller.socket() as client:
        client.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert b" 100 " in client.recv(4096)
        client.sendall(b"abc")
        assert b" 200 " in client.recv(4096)


def a_service_that_fails_is_stood_in_for(caller):
    for path, service in ("fails-plain", "secure"), ("fails-secure", "plain"), ("breaks-plain", "secure"):
        for _ in range(6):
            equal(caller.json("POST", f"/v1/{path}", b"{}")["service"], service)


def when_all_fail_it_says_how(caller):
    status, fields, content = caller.ask("GET", "/v1/breaks")
    if status != 503 or b"error" not in content:
        raise AssertionError((status, content))
    assert json.loads(content)["details"], content
    equal(caller.ask("GET", "/v1/fails")[0], 503)


def provider_answers_pass_as_they_are(caller):
    for status in 404, 302, 429:
        equal(caller.ask("GET", f"/v1/status-{status}")[0], status)


def two_hundred_calls_at_once(caller):
    with ThreadPoolExecutor(200) as callers:
        found = callers.map(lambda _: caller.ask("GET", "/v1/slow")[0], range(200))
        equal(list(found), [200] * 200)


# --- Ends -----------------------------------------------------------------------------------------------------------


def a_client_that_leaves_ends_its_stream(caller):
    for hard in False, True:
        providers.LEFT.clear()
        connection = caller.connection()
        connection.request("GET", "/v1/forever")
        connection.getresponse().readline()
        if hard:
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sock.close()
        connection.close()
        assert providers.LEFT.wait(PATIENCE), "the provider goes on"


def a_client_may_leave_amid_its_upload(caller):
    with caller.socket() as client:
        client.sendall(b"POST /v1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 200_000)
    equal(caller.ask("GET", "/v1/echo")[0], 200)


def a_cut_answer_does_not_look_whole(caller):
    for path in "/v1/cut", "/v1/reset":
        head, _, body = caller.raw(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").partition(b"\r\n\r\n")
        assert b" 200 " in head and b"Content-Length: 1000" in head and len(body) < 1000, head


# --- Refusals -------------------------------------------------------------------------------------------------------


def what_is_not_offered_is_refused(caller):
    status, fields, _ = caller.ask("TRACE", "/v1/echo")
    equal(status, 405)
    assert "POST" in fields["Allow"]
    equal(caller.ask("BREW", "/v1/echo")[0], 501)
    equal(caller.ask("GET", "/v1/echo", None, {"Upgrade": "websocket", "Connection": "upgrade"})[0], 501)
    equal(caller.status("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"), 501)
    equal(caller.status("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505)


def what_is_malformed_is_refused(caller):
    post = "POST /v1/echo HTTP/1.1\r\nHost: a\r\n"
    for expected, bytes_sent in (
        (400, post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n"),
        (400, "GET /v1/../x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        (400, "GET /v1/x HTTP/1.1\r\n\r\n"),
        (400, b"\x16\x03\x01 nonsense\r\n\r\n"),
        (413, post + f"Content-Length: {UPLOAD_MAX + 1}\r\n\r\n"),
        (414, "GET /" + "a" * 5_000 + " HTTP/1.1\r\nHost: a\r\n\r\n"),
        (431, "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + "a" * 40_000 + "\r\n\r\n"),
        (408, post + "Content-Length: 10\r\n\r\nabc"),
    ):
        equal((caller.status(bytes_sent), bytes_sent[:60]), (expected, bytes_sent[:60]))


def origins_are_told(caller):
    status, fields, _ = caller.ask("OPTIONS", "/v1/echo", None, {"Origin": "https://app.example"})
    equal((status, fields["Access-Control-Allow-Origin"]), (204, "*"))


# --- Pages ----------------------------------------------------------------------------------------------------------


def pages_are_there(caller):
    assert b"<html" in caller.ask("GET", "/", None, {"Accept": "text/html"})[2].lower()
    assert caller.json("GET", "/")["version"]
    equal(caller.json("GET", "/health")["status"], "ok")
    for path in "/health/live", "/health/ready":
        equal(caller.ask("GET", path)[0], 200)
    equal(caller.ask("GET", "/admin")[0], 404)
    equal(caller.json("GET", "/gateway/health")["service"], "api-gateway")
    equal(caller.ask("GET", "/verify")[0], 405)


def figures_are_for_the_operator(caller):
    if caller.tls:  # there is a listener for them
        for path in "/stats", "/metrics":
            equal(caller.ask("GET", path)[0], 404)
        operator = http.client.HTTPConnection(HERE, OPERATOR, timeout=PATIENCE)
        operator.request("GET", "/metrics")
        metrics = operator.getresponse().read()
        operator.close()
    else:
        assert caller.json("GET", "/stats")
        metrics = caller.ask("GET", "/metrics")[2]
    assert b"martlet_" in metrics and b"martlet_resident_bytes" in metrics, metrics[:200]


# --- Reloads --------------------------------------------------------------------------------------------------------


def reloads(caller):
    def origin():
        return caller.ask("OPTIONS", "/x", None, {"Origin": "https://app.example"})[1]["Access-Control-Allow-Origin"]

    written = (ETC / "martlet.yaml").read_text()
    narrowed = written.replace("server:", "server:\n  cors: {origins: [https://app.example]}", 1)
    (ETC / "martlet.yaml").write_text(narrowed)
    subprocess.run(["systemctl", "reload", "martlet"], check=True)
    until(lambda: origin() == "https://app.example", "SIGHUP: the new origin is not in force")
    (ETC / "martlet.yaml").write_text("server: 1\n")
    until(lambda: caller.json("GET", "/health")["status"] == "degraded", "a broken file is not told")
    (ETC / "martlet.yaml").write_text(written)
    until(lambda: origin() == "*" and caller.json("GET", "/health")["status"] == "ok", "the file is not read again")


def certificates_are_read_again(caller):
    if not caller.tls:
        return
    before = ssl.get_server_certificate((HERE, PORT))
    connection = caller.connection()
    certificate("listener", "localhost")
    until(lambda: ssl.get_server_certificate((HERE, PORT)) != before, "the old certificate stays")
    connection.request("GET", "/v1/echo")
    equal(connection.getresponse().status, 200)
    connection.close()
    equal(caller.ask("GET", "/v1/echo")[0], 200)


def the_proxy_was_asked(caller):
    if caller.tls:
        assert providers.CONNECTED, "no CONNECT came"


CHECKS = [
    answers_come_from_every_service_that_is_there,
    methods_pass,
    a_head_has_no_body,
    one_connection_has_many_calls,
    http_1_0_ends_with_its_connection,
    chunked_answers_arrive,
    events_arrive_one_by_one,
    uploads_are_whole,
    who_expects_100_gets_it,
    a_service_that_fails_is_stood_in_for,
    when_all_fail_it_says_how,
    provider_answers_pass_as_they_are,
    two_hundred_calls_at_once,
    a_client_that_leaves_ends_its_stream,
    a_client_may_leave_amid_its_upload,
    a_cut_answer_does_not_look_whole,
    what_is_not_offered_is_refused,
    what_is_malformed_is_refused,
    origins_are_told,
    pages_are_there,
    figures_are_for_the_operator,
    reloads,
    certificates_are_read_again,
    the_proxy_was_asked,
]


# --- The stage ------------------------------------------------------------------------------------------------------


def certificate(name, host):
    """A key and a certificate that vouches for itself."""
    fresh = PEM / "fresh"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}", "-keyout", f"{fresh}.key", "-out", f"{fresh}.pem"],
        check=True, capture_output=True)
    for kind in "key", "pem":
        fresh.with_suffix(f".{kind}").chmod(0o644)
        fresh.with_suffix(f".{kind}").rename(PEM / f"{name}.{kind}")


def set_up():
    PEM.mkdir(mode=0o755, exist_ok=True)
    certificate("listener", "localhost")
    certificate("secure", "secure.test")
    trusted = PEM / "trusted.p12"
    trusted.unlink(missing_ok=True)
    subprocess.run(
        ["/opt/martlet/jdk/bin/keytool", "-importcert", "-noprompt", "-alias", "secure", "-file", PEM / "secure.pem",
         "-keystore", trusted, "-storetype", "PKCS12", "-storepass", "changeit"], check=True, capture_output=True)
    trusted.chmod(0o644)
    edits = pathlib.Path("/etc/systemd/system/martlet.service.d")
    edits.mkdir(exist_ok=True)
    (edits / "suite.conf").write_text(
        f'[Service]\nEnvironment="MARTLET_JAVA_OPTIONS=-Djavax.net.ssl.trustStore={trusted}'
        ' -Djavax.net.ssl.trustStorePassword=changeit"\n')
    pathlib.Path("/etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    subprocess.run(["systemctl", "daemon-reload"], check=True)
    providers.start(PEM / "secure.pem", PEM / "secure.key")


def restart(yaml, variables):
    (ETC / "martlet.yaml").write_text(yaml)
    (ETC / "martlet.env").write_text(variables)
    subprocess.run(["systemctl", "reset-failed", "martlet"])
    subprocess.run(["systemctl", "restart", "martlet"], check=True)
    return process()


def process():
    return subprocess.run(
        ["systemctl", "show", "--property=MainPID,NRestarts", "martlet"], capture_output=True, text=True, check=True).stdout


def passes(check, caller):
    name = check.__name__.replace("_", " ") + (", with TLS" if caller.tls else "")
    try:
        check(caller)
    except (AssertionError, OSError, http.client.HTTPException, ValueError, KeyError, IndexError) as fault:
        print(f"FAIL  {name}: {type(fault).__name__} {fault}", flush=True)
        return False
    print(f"ok    {name}", flush=True)
    return True


def main():
    set_up()
    failed = 0
    for tls, yaml, variables in (False, CLEAR, ""), (True, TLS, f"HTTPS_PROXY=http://127.0.0.1:{CONNECT}\n"):
        began = restart(yaml, variables)
        failed += sum(not passes(check, Caller(tls)) for check in CHECKS)
        if process() != began:
            failed += 1
            print("FAIL  the same process served all of it")
    print(f"{2 * len(CHECKS) - failed} of {2 * len(CHECKS)} passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
