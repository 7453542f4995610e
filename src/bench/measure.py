"""What is measured: the scenarios, how one is run against one peer, and what is counted."""

import json
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import rig

CONNECTIONS = 32


@dataclass(frozen=True)
class Plan:
    """How long and how often."""

    rounds: int
    warm: float
    seconds: float
    jit_calls: int
    jit_seconds_max: float
    starts: int


QUICK = Plan(rounds=3, warm=0.5, seconds=2.5, jit_calls=200_000, jit_seconds_max=20, starts=3)
FULL = Plan(rounds=5, warm=0.7, seconds=3.5, jit_calls=400_000, jit_seconds_max=40, starts=3)
TINY = Plan(rounds=1, warm=0.3, seconds=0.5, jit_calls=1, jit_seconds_max=1, starts=1)


@dataclass(frozen=True)
class Scenario:
    """One kind of load. Without `reference`, direct is not measured: nothing is told relative to it."""

    name: str
    mode: str
    connections: int
    arguments: tuple = ()
    reference: bool = False

    @property
    def rate(self):
        return self.arguments[0] if self.mode == "rate" else None


SCENARIOS = [
    Scenario("rate-100", "rate", CONNECTIONS, (100,), reference=True),
    Scenario("rate-500", "rate", CONNECTIONS, (500,)),
    Scenario("rate-3000", "rate", CONNECTIONS, (3000,)),
    Scenario("full-32", "full", 32, reference=True),
    Scenario("full-256", "full", 256),
    Scenario("events", "streams", 100, (20_000, 100), reference=True),
]
PARTS = [scenario.name for scenario in SCENARIOS] + ["counts", "idle", "memory"]
SLOW_STREAMS = (1_000, 5_000)
SLOW_PACE = (1_000_000, 600)
IDLE_AFTER_SECONDS = 3


class Load:
    """The client, running. Its window is open from the creation of this object until `result`."""

    def __init__(self, peer, mode, connections, warm, seconds, arguments=()):
        command = [rig.WORK / "load", mode, peer.port, peer.path, connections, warm, seconds, *arguments]
        self.process = subprocess.Popen(
            [str(word) for word in command], env=peer.load_environment, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "begin":
            raise rig.NotReady(f"the client gave up on {peer.name}")

    def result(self):
        line = self.process.stdout.readline()
        self.process.wait()
        return json.loads(line)


def run(peer, scenario, plan):
    """One window of one scenario: the client's figures, and the peer's CPU time over it."""
    peer.thaw()
    load = Load(peer, scenario.mode, scenario.connections, plan.warm, plan.seconds, scenario.arguments)
    pids = peer.pids()
    before = rig.cpu_nanos(pids)
    result = load.result()
    result["cpu_us"] = (rig.cpu_nanos(pids) - before) / 1000
    peer.freeze()
    return result


def warm_up(peer, plan):
    """Lets a just-in-time compiler get through with its work, as it would have in a long run: by calls, not by the clock."""
    calls = plan.jit_calls if peer.settings.get("warm") else 1
    began = time.monotonic()
    peer.thaw()
    while calls > 0 and time.monotonic() - began < plan.jit_seconds_max:
        calls -= Load(peer, "full", CONNECTIONS, 0, 2).result()["requests"]
    Load(peer, "streams", 100, 0.5, 2, (5_000, 100)).result()
    Load(peer, "rate", CONNECTIONS, 0, 2, (500,)).result()
    peer.freeze()


def memory(peer, plan):
    """Starts the peer afresh, several times; on the last start its memory is read, idle and under slow streams."""
    peer.stop()
    starts = []
    for _ in range(plan.starts):
        peer.stop()
        starts.append(peer.start() * 1000)
    time.sleep(1)
    found = {"start_ms": starts, "idle_kib": rig.resident_kib(peer.pids())}
    for streams in SLOW_STREAMS:
        load = Load(peer, "streams", streams, 4, 3, SLOW_PACE)
        time.sleep(2.5)
        found[f"streams_{streams}_kib"] = rig.resident_kib(peer.pids())
        found[f"streams_{streams}_errors"] = load.result()["errors"]
    return found


def idle(peer, plan):
    """CPU time while nothing is asked, after 256 connections at once have left theirs to the upstream in the pool."""
    peer.thaw()
    Load(peer, "full", 256, 0, 1).result()
    time.sleep(IDLE_AFTER_SECONDS)
    pids, seconds = peer.pids(), 2 * plan.seconds
    before = rig.cpu_nanos(pids)
    time.sleep(seconds)
    cpu = (rig.cpu_nanos(pids) - before) / 1e6 / seconds
    return {"cpu_ms_a_second": cpu, "sockets": rig.open_sockets(pids)}


def counts(peer, plan):
    """System calls and allocated bytes of a request and of an event: they do not depend on how busy the machine is."""
    peer.thaw()
    found = {}
    seconds = max(2, plan.seconds / 2)
    if shutil.which("strace"):
        found["syscalls_request"] = system_calls(peer, "requests", "rate", CONNECTIONS, 0, seconds, (500,))
        found["syscalls_event"] = system_calls(peer, "events", "streams", 20, 0, seconds, (20_000, 1_000))
    if peer.settings.get("jvm"):
        found["allocated_request"] = allocated(peer, "requests", "full", CONNECTIONS, 0, seconds)
        found["allocated_event"] = allocated(peer, "events", "streams", 50, 0, seconds, (2_000, 10_000))
    peer.freeze()
    return found


def system_calls(peer, unit, *load):
    """A request's or an event's. Whatever the tracing slows down, each call is counted once."""
    report = rig.WORK / "run" / peer.name / "strace.txt"
    command = ["strace", "-f", "-qq", "-c", "-o", report]
    for pid in peer.pids():
        command += ["-p", str(pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    result = Load(peer, *load).result()
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    if not result[unit]:
        raise rig.NotReady("nothing came through while it was traced")
    total = [line.split() for line in report.read_text().splitlines() if line.endswith(" total")]
    return int(total[0][3]) / result[unit]  # share, seconds, microseconds a call, calls, perhaps errors


def allocated(peer, unit, *load):
    """Bytes a request or an event; the JVM rounds what a thread has allocated to MiB, so the load is a heavy one."""
    before = allocated_bytes(peer)
    result = Load(peer, *load).result()
    return (allocated_bytes(peer) - before) / result[unit]


def allocated_bytes(peer):
    """What all threads have allocated so far; a virtual thread's share is its carrier's."""
    jcmd = Path(peer.names["java"]).parent / "jcmd"
    dump = subprocess.run([jcmd, str(peer.process.pid), "Thread.print", "-e"], capture_output=True, text=True).stdout
    scale = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    return sum(float(n) * scale[unit] for n, unit in re.findall(r"allocated=([\d.]+)([BKMG])", dump))
