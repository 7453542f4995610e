"""The machine room: builds the tools, starts and stops peers, reads what the kernel knows about them."""

import ctypes
import http.client
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
PATH = "/v1/chat/completions"
FILES_WANTED = 32768
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 10


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
            "run": run, "root": ROOT, "bench": BENCH, "installed": WORK / "peers" / self.name, "jar": self.jar,
            "port": self.port, "upstream": upstream_port, "cores": os.cpu_count(), "files": files,
        }
        if self.is_direct:
            return
        if any("{java}" in word for word in self.settings["command"]):
            self.names["java"] = java()
        program = shutil.which(self.fill(self.settings["command"][0]))
        if not program:
            raise NotReady(f"{self.name} is not installed: {self.settings.get('missing', 'see its folder')}")
        self.names["program"] = program
        for file in self.folder.iterdir():
            if file.is_file() and file.name not in ("peer.toml", "install"):
                (run / file.name).write_text(self.fill(file.read_text()))

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
        model = self.settings.get("model", "") + "bench-0-1"
        body = '{"model":"%s","messages":[{"role":"user","content":"Hello"}]}' % model
        headers = {"Content-Type": "application/json", "Authorization": "Bearer sk-fake-0123456789"} | self.headers
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", self.path, body, headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def pids(self):
        return tree(self.process.pid) if self.process else []

    def freeze(self):
        """Stops the clock of a peer whose turn it is not, so that it costs the others nothing."""
        if self.process:
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
    """Ends a process that we started, and its group."""
    try:
        os.killpg(process.pid, signal.SIGCONT)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
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
