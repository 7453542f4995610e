"""The machine room: builds the tools, starts and stops peers, reads what the kernel knows about them."""

import contextlib
import ctypes
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent.parent
WORK = ROOT / "target" / "bench"
# Where peers/install puts other gateways; a folder outside of target/ survives `mvn clean`.
PEERS = Path(os.environ.get("BENCH_PEERS", WORK / "peers")).resolve()
PATH = "/v1/chat/completions"
FILES_WANTED = 32768
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 10
CHECKED_EVENTS = 5
CHECKED_PACE_MICROS = 200_000


class NotReady(Exception):
    """Something is missing or did not start; the text says what to do."""


def build():
    """Compiles the upstream and the client, and packages Martlet when its jar is missing."""
    WORK.mkdir(parents=True, exist_ok=True)
    for tool in ("upstream", "load"):
        source, program = BENCH / f"{tool}.c", WORK / tool
        if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
            subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", program, source], check=True)
    if not (ROOT / "target" / "martlet.jar").exists():
        subprocess.run(["mvn", "-q", "-B", "-ntp", "-DskipTests", "package"], cwd=ROOT, check=True)


def raise_file_limit():
    """Lets this process and all that it starts open as many files as thousands of streams need."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(hard, FILES_WANTED), max(hard, FILES_WANTED)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def java():
    """A Java 25 or newer: the one of JAVA_HOME, of the PATH, or the newest below /usr/lib/jvm."""
    places = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    on_path = shutil.which("java")
    candidates = [place / "bin" / "java" for place in places] + ([Path(on_path)] if on_path else [])
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"), reverse=True)
    for candidate in candidates:
        if candidate.exists() and java_release(candidate) >= 25:
            return str(candidate)
    raise NotReady("Martlet needs a Java 25 or newer: apt-get install openjdk-25-jdk-headless, or set JAVA_HOME")


def java_release(program):
    said = subprocess.run([program, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found.group(1)) if found else 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tree(pid):
    """The process and everything below it."""
    children = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                parent = int(Path(entry.path, "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def cpu_nanos(pids):
    """User and system time of the processes. Their clocks say what /proc/PID/stat says, but not in steps of 10 ms."""
    libc, clock, nanos = ctypes.CDLL(None), ctypes.c_int(), 0
    for pid in pids:
        if libc.clock_getcpuclockid(pid, ctypes.byref(clock)) == 0:
            nanos += time.clock_gettime_ns(clock.value)
    return nanos


def resident_kib(pids):
    """Memory in RAM; pages that several of the processes share count once (Pss)."""
    kib = 0
    for pid in pids:
        try:
            kib += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M).group(1))
        except OSError:
            continue
    return kib


def open_sockets(pids):
    return sum(os.readlink(file).startswith("socket:") for pid in pids for file in Path(f"/proc/{pid}/fd").iterdir())


def disk_bytes(path):
    path = Path(path).resolve()
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file() and not file.is_symlink())


@dataclass
class Peer:
    """A way from client to upstream, as its folder below peers/ tells it."""

    name: str
    folder: Path
    settings: dict
    jar: Path = ROOT / "target" / "martlet.jar"
    port: int = 0
    process: subprocess.Popen | None = None
    names: dict = field(default_factory=dict)

    @staticmethod
    def of(name):
        folder = BENCH / "peers" / name
        if not (folder / "peer.toml").exists():
            raise NotReady(f"there is no peer {name}; there are {', '.join(all_peers())}")
        settings = tomllib.loads((folder / "peer.toml").read_text())
        if "like" in settings:
            other = Peer.of(settings["like"])
            return Peer(name, other.folder, other.settings | settings)
        return Peer(name, folder, settings)

    @staticmethod
    def of_jar(name, jar):
        """Martlet as another build has it, to be compared with the one in target/."""
        martlet = Peer.of("martlet")
        return Peer(name, martlet.folder, martlet.settings | {"title": f"Martlet {name}"}, Path(jar).resolve())

    @property
    def title(self):
        return self.settings["title"]

    @property
    def is_direct(self):
        return "command" not in self.settings

    @property
    def path(self):
        return self.settings.get("path", PATH)

    @property
    def headers(self):
        return {name: self.fill(value) for name, value in self.settings.get("headers", {}).items()}

    @property
    def load_environment(self):
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return os.environ | {"BENCH_MODEL": self.settings.get("model", ""), "BENCH_HEADERS": lines}

    def prepare(self, upstream_port, files):
        """Checks that the peer is installed, and writes its configuration."""
        run = WORK / "run" / self.name
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir(parents=True)
        self.port = upstream_port if self.is_direct else free_port()
        self.names = {
            "run": run, "root": ROOT, "bench": BENCH, "installed": PEERS / self.name, "jar": self.jar,
            "port": self.port, "upstream": upstream_port, "cores": os.cpu_count(), "files": files,
        }
        if self.is_direct:
            return
        if any("{java}" in word for word in self.settings["command"]):
            self.names["java"] = java()
        program = shutil.which(self.fill(self.settings["command"][0]))
        self.names["program"] = program
        if not program or not all(Path(path).exists() for path in self.words("size")):
            raise NotReady(f"{self.name} is not installed: {self.fill(self.settings.get('missing', 'see its folder'))}")
        for file in self.folder.iterdir():
            if file.is_file() and file.name not in ("peer.toml", "make"):
                (run / file.name).write_text(self.fill(file.read_text()))
        if "make" in self.settings:
            subprocess.run(self.words("make"), cwd=run, check=True, stdout=subprocess.DEVNULL)

    def fill(self, text):
        for name, value in self.names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def words(self, key):
        return [self.fill(word) for word in self.settings[key]]

    def start(self):
        """Starts the peer and waits for its first 200. Returns the seconds that took."""
        if self.is_direct:
            return 0.0
        environment = os.environ | {name: self.fill(value) for name, value in self.settings.get("environment", {}).items()}
        with open(self.names["run"] / "output.log", "ab") as output:
            began = time.monotonic()
            self.process = subprocess.Popen(
                self.words("command"), cwd=self.names["run"], env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
        while time.monotonic() - began < START_SECONDS_MAX:
            if self.process.poll() is not None:
                break
            if self.answers():
                return time.monotonic() - began
            time.sleep(0.002)
        self.stop()
        raise NotReady(f"{self.name} did not start; its output is in {self.names['run'].relative_to(ROOT)}/output.log")

    def answers(self):
        try:
            with self.ask("bench-0-1", False) as response:
                return response.status == 200
        except (OSError, http.client.HTTPException):
            return False

    @contextlib.contextmanager
    def ask(self, model, stream):
        """One call, on a connection of its own."""
        question = {"model": self.settings.get("model", "") + model, "stream": stream,
                    "messages": [{"role": "user", "content": "Hello"}]}
        body = json.dumps(question, separators=(",", ":"))
        headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-fake-0123456789"} | self.headers
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", self.path, body, headers)
            yield connection.getresponse()
        finally:
            connection.close()

    def content(self):
        """What a whole answer says."""
        with self.ask("bench-0-1", False) as response:
            answer = response.read()
        if response.status != 200:
            raise NotReady(f"{self.name} answers with {response.status}: {answer[:300]}")
        return json.loads(answer)["choices"][0]["message"]["content"]

    def check(self, content):
        """Whether calls get what the upstream says: a whole answer, and a stream's events one by one as they come."""
        if self.content() != content:
            raise NotReady(f"{self.name} gives another answer than the upstream")
        with self.ask(f"bench-{CHECKED_PACE_MICROS}-{CHECKED_EVENTS}", True) as response:
            lines = [(time.monotonic_ns(), line) for line in response]
        stamps = [(at, int(found.group(1))) for at, line in lines if (found := re.search(rb"@(\d{19}) a few words", line))]
        late = max((at - sent for at, sent in stamps), default=0)
        if len(stamps) != CHECKED_EVENTS or not any(line.strip() == b"data: [DONE]" for _, line in lines):
            raise NotReady(f"{self.name} gives {len(stamps)} events of {CHECKED_EVENTS}, or does not end the stream")
        if late > 2000 * CHECKED_PACE_MICROS:
            raise NotReady(f"{self.name} holds events back, one by {late / 1e6:.0f} ms")

    def pids(self):
        return tree(self.process.pid) if self.process else []

    def freeze(self):
        """Stops the clock of a peer whose turn it is not, so that it costs the others nothing."""
        if self.process and self.settings.get("freeze", True):
            os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        if self.process:
            os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self):
        process, self.process = self.process, None
        if process:
            end(process)

    def version(self):
        if "version" not in self.settings:
            return ""
        said = subprocess.run(self.words("version"), capture_output=True, text=True)
        found = re.search(r"\d+\.\d[\w.+-]*", said.stdout + said.stderr)
        return found.group(0) if found else "unknown"

    def size_bytes(self):
        return sum(disk_bytes(path) for path in self.words("size")) if "size" in self.settings else None


def end(process):
    """Ends a process that we started, and its group: a worker that outlives its parent would keep the port."""
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGCONT)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(STOP_SECONDS_MAX)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def start_upstream():
    port = free_port()
    process = subprocess.Popen([WORK / "upstream", str(port)], start_new_session=True)
    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        time.sleep(0.01)
    end(process)
    raise NotReady("the upstream did not start")


def all_peers():
    return sorted(folder.parent.name for folder in (BENCH / "peers").glob("*/peer.toml"))
