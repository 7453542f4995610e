"""The three that are compared, each on a port of its own with the same short deadlines."""

import os
import re
import shutil
import socket
import subprocess
import time
from glob import glob
from pathlib import Path

DEADLINE_MILLIS = 500
START_SECONDS = 30

NGINX = """
daemon off;
{user}
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    client_header_timeout {millis}ms;
    client_body_timeout {millis}ms;
    keepalive_timeout {millis}ms;
    large_client_header_buffers 4 32k;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"""

HAPROXY = """
defaults
    mode http
    option http-buffer-request
    timeout connect 1s
    timeout server 5s
    timeout client {millis}ms
    timeout http-request {millis}ms
    timeout http-keep-alive {millis}ms
frontend door
    bind 127.0.0.1:{port}
    default_backend echo
backend echo
    server echo 127.0.0.1:{upstream}
"""

MARTLET = """
server:
  host: 127.0.0.1
  port: {port}
  timeouts: {{request-header: {millis}ms, request-body: {millis}ms}}
transparent:
  services: ["http://127.0.0.1:{upstream}", "http://localhost:{upstream}"]
log: {{level: warn}}
"""


class Server:
    """A process that listens; it ends with the `with` block."""

    def __init__(self, name, upstream, directory, template, command):
        self.name = name
        self.upstream = upstream
        self.port = free_port()
        configuration = directory / f"{name}.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        configuration.write_text(
            template.format(
                port=self.port, upstream=upstream.port, directory=directory, user=user, millis=DEADLINE_MILLIS
            )
        )
        self.log = open(directory / f"{name}.out", "wb")
        self.command = [part.replace("CONFIGURATION", str(configuration)) for part in command]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=subprocess.STDOUT)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.__exit__()
        raise SystemExit(f"{self.name} does not start; see {self.log.name}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


def nginx(upstream, directory):
    return Server("nginx", upstream, directory, NGINX, [program("nginx"), "-p", str(directory), "-c", "CONFIGURATION"])


def haproxy(upstream, directory):
    return Server("haproxy", upstream, directory, HAPROXY, [program("haproxy"), "-db", "-f", "CONFIGURATION"])


def martlet(upstream, directory, jar):
    command = [java(), "-Xmx256m", "-jar", str(jar), "serve", "--config", "CONFIGURATION"]
    return Server("martlet", upstream, directory, MARTLET, command)


def missing(jar):
    """What has to be installed or built first."""
    lacks = [name for name in ("nginx", "haproxy") if not program(name)]
    lacks += [] if jar.exists() else [f"{jar} (mvn verify)"]
    return lacks + ([] if java() else ["Java 25"])


def program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def java():
    homes = [os.environ.get("JAVA_HOME", "")] + sorted(glob("/usr/lib/jvm/*"), reverse=True)
    for candidate in [shutil.which("java")] + [f"{home}/bin/java" for home in homes if home]:
        if candidate and Path(candidate).exists():
            said = subprocess.run([candidate, "-version"], capture_output=True, text=True).stderr
            version = re.search(r'version "(\d+)', said)
            if version and int(version.group(1)) >= 25:
                return candidate
    return None


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
