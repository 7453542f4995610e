"""What the acceptance runs share: a gateway of their own, its upstream, clients on raw sockets, and a table of figures.

Everything listens on loopback, with free ports, and is ended by the run that started it.
"""

import asyncio
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
JAR = ROOT / "target" / "martlet.jar"
JAVA_MIN = 25
MIB = 1 << 20

# A heap that is resident from the start: what RSS gains lies outside of it, and what is held inside is asked for.
# Otherwise RSS says how long ago the last collection was, and nothing about the clients.
HEAP = ("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch")


def built_jar():
    if not JAR.exists():
        print("building target/martlet.jar", flush=True)
        subprocess.run(["mvn", "-q", "-B", "-ntp", "package", "-DskipTests"], cwd=ROOT, check=True)
    return JAR


def java_home():
    """The folder of a JDK that is new enough: JAVA_HOME, the one on the path, or one where Linux keeps them."""
    homes = [os.environ.get("JAVA_HOME"), shutil.which("java"), *sorted(pathlib.Path("/usr/lib/jvm").glob("*"))]
    for home in filter(None, homes):
        home = pathlib.Path(home).resolve()
        home = home.parents[1] if home.name == "java" else home
        release = home / "release"
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.exists() else None
        if version and int(version[1]) >= JAVA_MIN and (home / "bin" / "jcmd").exists():
            return home
    sys.exit(f"no JDK {JAVA_MIN} found: set JAVA_HOME")


def raise_file_limit():
    """As many open files as this process and its children may have; says how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Process:
    """A child that writes into a log file of its own, and what /proc says of it."""

    def __init__(self, command, folder, name, files=None, environment=None):
        self.log = folder / f"{name}.log"
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
        with self.log.open("wb") as out:
            self.child = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, preexec_fn=limit,
                                          env={**os.environ, **(environment or {})})
        self.pid = self.child.pid

    def await_line(self, pattern, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.child.poll() is None:
            found = re.search(pattern, self.log.read_text(errors="replace"))
            if found:
                return found
            time.sleep(0.05)
        sys.exit(f"{self.child.args[0]} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def status(self, field):
        if self.child.poll() is not None:
            sys.exit(f"{self.child.args[0]} has ended with {self.ended(0)}:\n{self.log.read_text(errors='replace')[-2000:]}")
        return int(re.search(rf"^{field}:\s*(\d+)", pathlib.Path(f"/proc/{self.pid}/status").read_text(), re.M)[1])

    def rss(self):
        return self.status("VmRSS") * 1024

    def threads(self):
        return self.status("Threads")

    def files(self):
        """Where each open file descriptor leads."""
        folder = f"/proc/{self.pid}/fd"
        links = []
        for name in os.listdir(folder):
            try:
                links.append(os.readlink(f"{folder}/{name}"))
            except FileNotFoundError:
                pass  # closed meanwhile
        return links

    def sockets(self):
        return sum(link.startswith("socket:") for link in self.files())

    def cpu_seconds(self):
        words = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, which):
        self.child.send_signal(which)

    def ended(self, seconds):
        """Its exit code, as a shell would say it; None when it still runs."""
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return code if code >= 0 else 128 - code

    def close(self):
        if self.child.poll() is None:
            self.child.terminate()
            if self.ended(30) is None:
                self.child.kill()
                self.child.wait()


class Upstream(Process):
    """The two services behind the gateway, in a process of their own; see upstream.py for what they answer."""

    def __init__(self, folder):
        program = pathlib.Path(__file__).with_name("upstream.py")
        super().__init__([sys.executable, "-B", str(program)], folder, "upstream")
        self.ports = [int(port) for port in self.await_line(r"ports (\d+) (\d+)").groups()]

    def counts(self):
        """What the services have seen so far: open connections, calls under way, bytes of floods written."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[0]}/counts", timeout=30) as answer:
            return json.load(answer)


class Martlet(Process):
    """A gateway before an upstream; `upstream` is None where the rest of the configuration says all.

    server: the lines of the configuration below `server:`, without their indentation
    rest: lines of the configuration that follow those of `transparent:`
    under: a command that runs the command that follows it, such as `taskset`
    """

    def __init__(self, folder, upstream, server="", java_options=HEAP, files=None, port=0, name="martlet", shared=False,
                 rest="", under=(), environment=None):
        self.home = java_home()
        config = folder / f"{name}.yaml"
        lines = ["host: 127.0.0.1", f"port: {port}", *server.splitlines()]
        services = ", ".join(f'"http://127.0.0.1:{each}"' for each in upstream.ports) if upstream else ""
        pool = f"transparent:\n  services: [{services}]\n" if upstream else ""
        config.write_text("server:\n" + "".join(f"  {line}\n" for line in lines) + pool + rest)
        command = [*under, str(self.home / "bin" / "java"), *java_options, "-jar", str(built_jar())]
        sharing = ["--share-port"] if shared else []
        super().__init__([*command, "serve", "--config", str(config), *sharing], folder, name, files, environment)
        self.port = int(self.await_line(r"listens on port (\d+)")[1])

    def jcmd(self, *words):
        command = [str(self.home / "bin" / "jcmd"), str(self.pid), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    def collect(self):
        """Full collections, so that what is left is what is held."""
        self.jcmd("GC.run")
        self.jcmd("GC.run")

    def heap_held(self):
        """Bytes of heap in use after full collections."""
        self.collect()
        return int(re.search(r"heap\s+total .*?used (\d+)K", self.jcmd("GC.heap_info"))[1]) * 1024

    def memory(self):
        """Bytes outside of the heap that are resident, and bytes in it that are held; see `HEAP`."""
        held = self.heap_held()
        return self.rss() + held

    def virtual_threads(self):
        """How many virtual threads live, by a dump of all threads."""
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/threads.json"
            self.jcmd("Thread.dump_to_file", "-format=json", file)
            text = pathlib.Path(file).read_text()
        return sum(bool(thread.get("virtual")) for container in json.loads(text)["threadDump"]["threadContainers"]
                   for thread in container["threads"])

    def health(self, page="health", timeout=10):
        """Status and text of an operator's page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()


    def metric(self, name):
        """The value of a meter without labels."""
        return float(re.search(rf"^{name}(?:{{}})? (\S+)$", self.health("metrics")[1], re.M)[1])


class Standing:
    """What a gateway holds between calls. Connections to the services that rest in its pool are not counted: they are
    meant to stay for a while."""

    BACK = ("sockets", "virtual_threads", "in_flight")

    def __init__(self, martlet, upstream):
        asking = 1
        # First what goes through jcmd: its first use opens a socket that stays.
        self.heap = martlet.heap_held()
        self.virtual_threads = martlet.virtual_threads()
        self.threads = martlet.threads()
        self.in_flight = martlet.metric("martlet_calls_in_flight")
        self.sockets = martlet.sockets() - (upstream.counts()["connections"] - asking)

    @staticmethod
    def after(martlet, upstream, before, seconds=30):
        """Waits until nothing more is held than before, and says what is held then, or when the time is over."""
        end = time.monotonic() + seconds
        now = Standing(martlet, upstream)
        while not now.is_within(before) and time.monotonic() < end:
            time.sleep(1)
            now = Standing(martlet, upstream)
        return now

    def is_within(self, before):
        return all(getattr(self, name) <= getattr(before, name) for name in self.BACK)

    def compare(self, table, what, before):
        for name in self.BACK:
            now, then = getattr(self, name), getattr(before, name)
            table.goal(f"{what}: {name.replace('_', ' ')}", f"{then:g} -> {now:g}", "back", now <= then)
        table.note(f"{what}: platform threads", f"{before.threads} -> {self.threads}")
        table.note(f"{what}: heap held", f"{before.heap / MIB:.1f} -> {self.heap / MIB:.1f} MiB")


class Table:
    """The figures of a run beside their goals."""

    def __init__(self, title):
        self.title = title
        self.rows = []

    def goal(self, what, measured, goal, met):
        self.rows.append((what, str(measured), goal, "ok" if met else "MISSED"))
        print(f"  {what}: {measured} (goal {goal}) {self.rows[-1][3]}", flush=True)
        return met

    def at_most(self, what, measured, limit, unit="", digits=0):
        return self.goal(what, f"{measured:.{digits}f}{unit}", f"<= {limit:.{digits}f}{unit}", measured <= limit)

    def equal(self, what, measured, goal):
        return self.goal(what, measured, f"= {goal}", measured == goal)

    def note(self, what, measured):
        self.rows.append((what, str(measured), "", ""))
        print(f"  {what}: {measured}", flush=True)

    def print(self):
        heads = (self.title, "measured", "goal", "")
        widths = [max(len(row[i]) for row in [heads, *self.rows]) for i in range(4)]
        print()
        for row in [heads, tuple("-" * width for width in widths), *self.rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())

    def missed(self):
        return any(row[3] == "MISSED" for row in self.rows)


def run(title, scenario, seconds_max):
    """Runs `scenario(folder, table)`; the exit code says whether every goal was met."""
    table = Table(title)
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"{title}: not done after {seconds_max} s"))
    signal.alarm(int(seconds_max))
    with tempfile.TemporaryDirectory(prefix="martlet-") as folder:
        scenario(pathlib.Path(folder), table)
    table.print()
    sys.exit(1 if table.missed() else 0)


def beside(function, *arguments):
    """Runs a coroutine function in a process of its own, so that its work does not disturb what is measured here."""
    pool = concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    future = pool.submit(_run, function, arguments)
    pool.shutdown(wait=False)
    return future


def _run(function, arguments):
    raise_file_limit()
    return asyncio.run(function(*arguments))


# Clients. A head is a status and fields (names in lower case); None where the gateway closed without a word.


async def connect(port, source=None, buffer_bytes=1 << 16):
    local = (source, 0) if source else None
    return await asyncio.open_connection("127.0.0.1", port, local_addr=local, limit=buffer_bytes)


def request(path, method="GET", fields="", body=b""):
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}{length}\r\n".encode() + body


async def read_head(reader):
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = text.rstrip("\r\n").split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split(" ")[1]), fields


async def pieces(reader, fields):
    """The pieces of a body as they come. Raises IncompleteReadError when it ends before it is whole."""
    if fields.get("transfer-encoding", "").lower() == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            piece = await reader.readexactly(size + 2)
            yield piece[:-2]
        await reader.readuntil(b"\r\n")
    elif "content-length" in fields:
        left = int(fields["content-length"])
        while left:
            piece = await reader.read(min(left, 1 << 16))
            if not piece:
                raise asyncio.IncompleteReadError(b"", left)
            left -= len(piece)
            yield piece
    else:
        while piece := await reader.read(1 << 16):
            yield piece


async def ask(reader, writer, message):
    """One call on an open connection: status, fields and whole body."""
    writer.write(message)
    head = await read_head(reader)
    if head is None:
        raise ConnectionError("closed without an answer")
    body = b"".join([piece async for piece in pieces(reader, head[1])])
    return head[0], head[1], body


async def ask_once(port, message, source=None):
    reader, writer = await connect(port, source)
    try:
        return await ask(reader, writer, message)
    finally:
        writer.close()


class Steady:
    """An open loop: calls at a fixed rate, whether or not the earlier ones are answered. A call's time counts from the
    moment it was due, so that a gateway that stands still cannot hide it."""

    def __init__(self, port, rate, path="/answer"):
        self.port = port
        self.rate = rate
        self.message = request(path)
        self.millis = []
        self.failures = 0
        self._idle = []

    async def run(self, seconds):
        """Adds a round and says its times in milliseconds, sorted."""
        self.millis = []
        began = time.monotonic()
        calls = []
        for number in range(int(self.rate * seconds)):
            due = began + number / self.rate
            await asyncio.sleep(max(0, due - time.monotonic()))
            calls.append(asyncio.create_task(self._call(due)))
        await asyncio.gather(*calls)
        for _, writer in self._idle:
            writer.close()
        self._idle = []
        return sorted(self.millis)

    async def _call(self, due):
        try:
            reader, writer = self._idle.pop() if self._idle else await connect(self.port)
            status, _, _ = await asyncio.wait_for(ask(reader, writer, self.message), 30)
            self.failures += status != 200
            self._idle.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            self.failures += 1
        self.millis.append((time.monotonic() - due) * 1000)


def quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def stream_outcome(port, seconds, mark):
    """How a stream of four events a second ended: whole, cut, looks whole (some events are missing, and the end says
    otherwise), refused."""
    events = seconds * 4
    reader, writer = await connect(port)
    text = b""
    try:
        writer.write(request(f"/stream?events={events}&millis=250&mark={mark}"))
        head = await read_head(reader)
        if head is None or head[0] != 200:
            return "refused"
        async for piece in pieces(reader, head[1]):
            text += piece
        expected = [f"{mark} {event}" for event in range(events)]
        got = [line.rpartition(" ")[0].removeprefix("data: ") for line in text.decode().split("\n") if line]
        return "whole" if got == expected else "looks whole"
    except (OSError, asyncio.IncompleteReadError):
        return "cut"
    finally:
        writer.close()


async def stream_outcomes(port, count, seconds):
    ended = await asyncio.gather(*(stream_outcome(port, seconds, f"s{number}") for number in range(count)))
    return collections.Counter(ended)


def show(outcomes):
    return ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items()))


async def warm_up(port, seconds, path="/answer?bytes=2000", clients=8):
    """Keeps the gateway busy, so that what it compiles and allocates once is there before anything is measured."""
    end = time.monotonic() + seconds

    async def caller():
        reader, writer = await connect(port)
        while time.monotonic() < end:
            await ask(reader, writer, request(path))
        writer.close()

    await asyncio.gather(*(caller() for _ in range(clients)))
