"""The table: medians, their spread, and the ratio to nginx of the same run."""

import datetime
import json
import os
import platform
import re
from pathlib import Path
from statistics import median

YARDSTICK = "nginx"
SATURATED_BELOW = 0.95


def latency(what, quantile, name):
    """Of a peer over direct, paired by round; direct's own."""

    def over_direct(results, peer):
        if peer == "direct":
            return [r[what][quantile] for r in results[peer]["rounds"].get(name, []) if what in r]
        rounds, direct = results[peer]["rounds"].get(name, []), results["direct"]["rounds"].get(name, [])
        return [a[what][quantile] - b[what][quantile] for a, b in zip(rounds, direct) if what in a and what in b]

    return over_direct


def cpu(name, unit):
    return lambda results, peer: [r["cpu_us"] / r[unit] for r in results[peer]["rounds"].get(name, []) if r[unit] and r["cpu_us"]]


def speed(name):
    return lambda results, peer: [r["requests"] / r["seconds"] for r in results[peer]["rounds"].get(name, [])]


def mebibytes(key):
    return lambda results, peer: [results[peer]["memory"][key] / 1024] if key in results[peer]["memory"] else []


def per_stream(results, peer):
    memory = results[peer]["memory"]
    if memory.get("streams_5000_errors", 1):
        return []
    return [(memory["streams_5000_kib"] - memory["idle_kib"]) / 5000]


def counted(key):
    return lambda results, peer: [results[peer]["counts"][key]] if key in results[peer].get("counts", {}) else []


def idle(key):
    return lambda results, peer: [results[peer]["idle"][key]] if key in results[peer].get("idle", {}) else []


# Title, decimals, the values of a peer, and the scenario whose rate must have been reached.
ROWS = [
    ("CPU of a request, µs: 500/s", 0, cpu("rate-500", "requests"), "rate-500"),
    ("CPU of a request, µs: 3,000/s", 0, cpu("rate-3000", "requests"), "rate-3000"),
    ("CPU of a request, µs: full load, 32 connections", 1, cpu("full-32", "requests"), None),
    ("CPU of a request, µs: full load, 256 connections", 1, cpu("full-256", "requests"), None),
    ("Requests a second: full load, 32 connections", 0, speed("full-32"), None),
    ("Requests a second: full load, 256 connections", 0, speed("full-256"), None),
    ("Added latency at 100/s, µs: p50 (direct: its own)", 0, latency("latency", "p50", "rate-100"), "rate-100"),
    ("Added latency at 100/s, µs: p99 (direct: its own)", 0, latency("latency", "p99", "rate-100"), "rate-100"),
    ("CPU of an event, µs (100 streams, 20 ms)", 1, cpu("events", "events"), None),
    ("Added latency of an event, µs: p50 (direct: its own)", 0, latency("latency", "p50", "events"), None),
    ("Added latency of an event, µs: p99 (direct: its own)", 0, latency("latency", "p99", "events"), None),
    ("First event over direct, µs: p50 (direct: its own)", 0, latency("first", "p50", "events"), None),
    ("System calls a request", 1, counted("syscalls_request"), None),
    ("System calls an event", 1, counted("syscalls_event"), None),
    ("Allocated bytes a request", 0, counted("allocated_request"), None),
    ("Allocated bytes an event", 0, counted("allocated_event"), None),
    ("Idle behind 256 connections at once: CPU, ms a second", 1, idle("cpu_ms_a_second"), None),
    ("Idle behind 256 connections at once: sockets kept open", 0, idle("sockets"), None),
    ("Resident, MiB: idle", 0, mebibytes("idle_kib"), None),
    ("Resident, MiB: 1,000 slow streams", 0, mebibytes("streams_1000_kib"), None),
    ("Resident, MiB: 5,000 slow streams", 0, mebibytes("streams_5000_kib"), None),
    ("Resident, KiB a stream, at 5,000", 1, per_stream, None),
    ("Start to the first 200, ms", 0, lambda results, peer: results[peer]["memory"].get("start_ms", []), None),
    ("Jar or installation, MB", 1, lambda results, peer: [b / 1e6 for b in [results[peer].get("size_bytes")] if b], None),
    ("Errors in all windows", 0, lambda results, peer: [errors(results[peer])], None),
]


def errors(peer):
    found = sum(r["errors"] for rounds in peer["rounds"].values() for r in rounds)
    return found + sum(value for key, value in peer["memory"].items() if key.endswith("_errors"))


def header(plan):
    """Date, machine and conditions; nothing that names the machine."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model.group(1).strip() if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": ".".join(platform.release().split(".")[:2]),
        "rounds": plan.rounds,
        "window_seconds": plan.seconds,
        "load_average": round(os.getloadavg()[2], 2),
    }


def saturated(results, peer, name):
    """What came through of a rate that was not reached, else None."""
    rounds = results[peer]["rounds"].get(name, [])
    asked = int(name.removeprefix("rate-"))
    came = median(r["requests"] / r["seconds"] for r in rounds) if rounds else asked
    return came if came < asked * SATURATED_BELOW else None


def number(value, decimals):
    return f"{value:,.{decimals}f}"


def cell(results, peer, row):
    _, decimals, values_of, asked = row
    if asked and (came := saturated(results, peer, asked)) is not None:
        return f"only {number(came, 0)}/s"
    values = values_of(results, peer)
    if not values:
        return "–"
    middle = median(values)
    text = number(middle, decimals)
    if len(values) > 1:
        text += f" ({number(min(values), decimals)}–{number(max(values), decimals)})"
    yardstick = values_of(results, YARDSTICK) if YARDSTICK in results else []
    if peer not in ("direct", YARDSTICK) and yardstick and median(yardstick) > 0 and middle > 0:
        text += f" · {middle / median(yardstick):.1f}×"
    return text


def table(results):
    peers = list(results)
    lines = ["| | " + " | ".join(title(results[peer]) for peer in peers) + " |", "|---" * (len(peers) + 1) + "|"]
    for row in ROWS:
        cells = [cell(results, peer, row) for peer in peers]
        if any(text != "–" for text in cells):
            lines.append(f"| {row[0]} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def title(peer):
    return f"{peer['title']} {peer['version']}".strip()


def markdown(facts, results):
    return (
        f"{facts['date']}, {facts['cpu']}, {facts['cores']} cores, Linux {facts['kernel']}, loopback; "
        f"medians of {facts['rounds']} interleaved rounds of {facts['window_seconds']} s (smallest–largest) · ratio to nginx; "
        f"load average over the last 15 minutes: {facts['load_average']}.\n\n{table(results)}\n")


def write(folder, facts, results):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.md").write_text(markdown(facts, results))
    (folder / "table.json").write_text(json.dumps({"run": facts, "peers": results}, indent=1) + "\n")
