"""The real web server on the loopback interface, a signed-in session, and what a request costs."""

import http.client
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench import stock
from nmdtracker.embedded.paths import ROOT
from nmdtracker.supervise import HOST, Web

WARM = 3
FLOOR = {"DJANGO_SETTINGS_MODULE": "bench.floor_settings"}


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Server:
    """gunicorn with the product's own arguments; for the floor, another application."""

    def __init__(self, instance, *, floor=False):
        self.instance, self.port = instance, free_port()
        self.web = Web(self.port)
        command = [str(part) for part in self.web.command()]
        if floor:
            command[command.index("nmdtracker.wsgi:application")] = (
                "django.core.wsgi:get_wsgi_application()"
            )
        environment = instance.environment(NMD_PORT=str(self.port), **(FLOOR if floor else {}))
        with open(instance.home.logs / f"bench-{'floor' if floor else 'web'}.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command[1:]], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def wait(self, seconds=40):
        deadline = time.monotonic() + seconds
        while not self.web.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not start; see {self.instance.home.logs}")
            time.sleep(0.1)
        return self

    def workers(self):
        return psutil.Process(self.process.pid).children()

    def memory_mib(self):
        """The largest worker's share of memory (PSS), MiB."""
        return max(_pss_kib(worker.pid) for worker in self.workers()) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def _pss_kib(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])


class Visitor:
    """Somebody with a session cookie, over one connection that is kept open."""

    def __init__(self, port, cookies=""):
        self.port, self.cookies = port, cookies
        self.link = http.client.HTTPConnection(HOST, port, timeout=30)

    @classmethod
    def signed_in(cls, server, email):
        """Through the real sign-in form."""
        visitor = cls(server.port)
        token = re.search(
            r'name="csrfmiddlewaretoken" value="(\w+)"', visitor.get("/accounts/login/")
        )
        form = {"login": email, "password": stock.PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer, _ = visitor.ask("POST", "/accounts/login/", urlencode(form))
        if answer.status != 302:
            raise RuntimeError(f"Sign-in of {email} answered {answer.status}")
        return visitor

    def at(self, server):
        """The same session at another server of the instance."""
        return Visitor(server.port, self.cookies)

    def ask(self, method, url, body=None):
        headers = {"Cookie": self.cookies, "Referer": f"http://{HOST}:{self.port}/"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.link.request(method, url, body, headers)
            answer = self.link.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.link.close()  # kept open for too long: once more
            self.link.request(method, url, body, headers)
            answer = self.link.getresponse()
        page = answer.read().decode()
        kept = dict(pair.split("=", 1) for pair in self.cookies.split("; ") if pair)
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, value = header.split(";")[0].split("=", 1)
            kept[name] = value
        self.cookies = "; ".join(f"{name}={value}" for name, value in kept.items())
        return answer, page

    def get(self, url):
        answer, page = self.ask("GET", url)
        if answer.status != 200:
            raise RuntimeError(f"{url} answered {answer.status}")
        return page


@dataclass(frozen=True)
class Cost:
    """Medians of one page: CPU ms a request of the web server and of PostgreSQL, latency ms."""

    app: float
    database: float
    p50: float
    kilobytes: float

    @property
    def cpu(self):
        return self.app + self.database


def cost(visitor, server, url, requests):
    """What `requests` requests one after another cost each; a few before that only warm up."""
    for _ in range(WARM):
        page = visitor.get(url)
    workers, database = server.workers(), psutil.Process(server.instance.server_pid())
    before, taken = (cpu_s(workers), cpu_s([database, *database.children()])), []
    for _ in range(requests):
        start = time.perf_counter()
        visitor.get(url)
        taken.append(time.perf_counter() - start)
    spent = cpu_s(workers) - before[0], cpu_s([database, *database.children()]) - before[1]
    app, base = (1000 * max(0.0, seconds) / requests for seconds in spent)
    return Cost(app, base, 1000 * sorted(taken)[requests // 2], len(page.encode()) / 1000)


def cpu_s(processes):
    """User and system seconds (/proc/<pid>/stat), those of ended children included."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
