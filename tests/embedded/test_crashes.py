"""Whatever is killed, the next start works and finds what was committed."""

import os
import signal
import time
from contextlib import suppress

import psutil
import pytest

from nmdtracker.embedded.client import is_running


@pytest.fixture(scope="module")
def rows(shared):
    with shared.connect("owner") as owner:
        owner.execute("CREATE TABLE kept (number int)")
    return lambda: _count_one_more(shared)


def _count_one_more(instance):
    with instance.connect() as link:
        link.execute("INSERT INTO kept SELECT count(*) + 1 FROM kept")
        return link.execute("SELECT count(*), max(number) FROM kept").fetchone()


@pytest.mark.parametrize("mark", ["-D", "redis-server", "embedded.sink"])
def test_a_killed_server_comes_back(shared, rows, mark):
    before = rows()[0]
    killed = shared.child(mark)
    killed.kill()
    shared.wait_until(lambda: _is_other(shared, mark, killed.pid) and shared.answers())
    assert rows() == (before + 1, before + 1)


def _is_other(instance, mark, pid):
    found = instance.child(mark)
    return found is not None and found.pid != pid


def test_a_killed_keeper_takes_its_servers_along_and_is_followed_by_another(shared, rows):
    before, address = rows()[0], shared.services()
    keeper = shared.keeper()
    servers = keeper.children()
    keeper.kill()
    shared.start()
    assert shared.services() == address, "running processes keep using it"
    assert shared.keeper().pid != keeper.pid
    assert not psutil.wait_procs(servers, timeout=10)[1]
    assert rows() == (before + 1, before + 1)


def test_all_killed_at_once(shared, rows):
    before = rows()[0]
    for process in [shared.keeper(), *shared.keeper().children()]:
        process.kill()
    shared.start()
    assert rows() == (before + 1, before + 1)


def test_the_pid_file_of_a_killed_server_may_name_a_stranger(shared, rows):
    before = rows()[0]
    for process in [shared.keeper(), *shared.keeper().children()]:
        process.kill()
    pid_file = shared.home.postgres() / "18/postmaster.pid"
    lock = shared.home.postgres() / "run/.s.PGSQL.5432.lock"
    for stale in (pid_file, lock):
        lines = stale.read_text().splitlines()
        stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    shared.start()
    assert rows() == (before + 1, before + 1)


@pytest.mark.parametrize("moment", [0.15, 0.4, 0.8])
def test_a_first_start_that_is_killed_is_made_good(make, moment):
    instance = make(fresh=True)
    launcher = instance.launch("start")
    time.sleep(moment)
    for process in instance.processes():
        with suppress(psutil.NoSuchProcess):  # over by itself
            process.kill()
    launcher.wait()
    began = time.monotonic()
    instance.start()
    assert instance.answers()
    assert time.monotonic() - began < 10
    assert [path.name for path in instance.home.postgres().glob("new-*")] == []


def test_an_unreaped_server_counts_as_dead(make):
    """The keeper's parent may never collect it, as in a container without an init."""
    instance = make()
    instance.start()
    keeper = instance.keeper()
    postmaster = instance.child("-D")
    keeper.suspend()  # it cannot reap now: the killed server stays a zombie
    postmaster.kill()
    instance.wait_until(lambda: postmaster.status() == psutil.STATUS_ZOMBIE)
    keeper.kill()
    instance.start()
    assert instance.answers()


def test_lost_secrets_are_replaced(make):
    instance = make()
    instance.start()
    instance.stop()
    for secret in (instance.path / "secrets").iterdir():
        secret.unlink()
    instance.start()
    assert instance.answers()


def test_data_of_another_version_is_left_alone(make):
    instance = make()
    instance.start()
    instance.stop()
    data = instance.home.postgres() / "18"
    data.rename(data.with_name("17"))
    output = instance.launch("start").communicate(timeout=60)[0]
    assert "holds data of PostgreSQL 17, this is PostgreSQL 18" in output
    assert not data.exists()


def test_nobody_asked_for_long_and_all_stops(make):
    instance = make()
    instance.start(NMD_IDLE_SECONDS="1")
    processes = instance.processes()
    assert processes
    instance.wait_until(lambda: not is_running(instance.home))
    assert not psutil.wait_procs(processes, timeout=5)[1]


def test_it_stays_for_as_long_as_one_uses_it(make):
    instance = make()
    user = instance.launch("start", NMD_IDLE_SECONDS="0.5")
    user.communicate()
    code = "import time; from nmdtracker import embedded; embedded.ensure(); time.sleep(60)"
    holder = instance.python("-c", code, NMD_IDLE_SECONDS="0.5")
    instance.wait_until(lambda: is_running(instance.home))
    time.sleep(2.5)
    assert is_running(instance.home)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    instance.wait_until(lambda: not is_running(instance.home))
