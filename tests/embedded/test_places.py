"""Several instances on one machine, and folders with difficult names and modes."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

import pytest
import redis

from nmdtracker.embedded.paths import SOCKET_PATH_BYTES, Home
from nmdtracker.embedded.postgres import BUILD, Postgres, package, reachable
from nmdtracker.embedded.processes import run

LONG = 'a folder with spaces, "quotes" and é ü 神経/' + "x" * 150


def test_ten_first_users_share_one_start(make):
    instance = make(fresh=True)
    users = [instance.launch("start") for _ in range(10)]
    assert {user.communicate(timeout=60)[0] for user in users} == {
        "Running: postgres, redis, mail\n"
    }
    keepers = [p for p in instance.processes() if "nmdtracker.embedded.keeper" in p.cmdline()]
    assert len(keepers) == 1


def test_two_clones_run_side_by_side(make):
    one, two = make(), make()
    for instance in (one, two):
        instance.start()
    for number, instance in enumerate((one, two)):
        with instance.connect("owner") as link:
            link.execute("CREATE TABLE mine AS SELECT %s AS number", [number])
    with one.connect() as first, two.connect() as second:
        query = "SELECT number FROM mine"
        assert [link.execute(query).fetchone() for link in (first, second)] == [(0,), (1,)]
    two.stop()
    assert one.answers()


def test_a_path_that_is_long_and_full_of_odd_letters(make):
    instance = make(LONG)
    instance.start()
    services = instance.services()
    assert instance.answers()
    assert redis.Redis(unix_socket_path=services["redis"]["socket"]).ping()
    for place in (services["postgres"]["host"], Path(services["redis"]["socket"]).parent):
        assert len(os.fsencode(place)) < SOCKET_PATH_BYTES
        assert stat.S_IMODE(os.stat(place).st_mode) == 0o700
    instance.stop()
    instance.start()
    assert instance.services()["redis"] == services["redis"], "the same place again"


def test_a_short_path_with_odd_letters_holds_its_own_sockets(make):
    instance = make('é "q" \\ %', fresh=True)
    instance.start()
    assert instance.answers()
    assert Path(instance.services()["redis"]["socket"]).is_relative_to(instance.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_root_in_a_closed_folder_opens_nothing(make, place):
    closed = Path(tempfile.mkdtemp(dir=place))
    instance = make(inside=closed, fresh=True)
    modes = {path: path.stat().st_mode for path in (closed, *closed.parents)}
    instance.start()
    assert instance.answers()
    assert {path: path.stat().st_mode for path in modes} == modes
    data = instance.home.postgres() / "18"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert instance.child("-D").username() == "nobody"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_programs_that_the_server_user_cannot_reach_are_copied(place):
    home = Home(place / "copied")
    server = Postgres(home, fast=True)
    closed = Path(tempfile.mkdtemp(dir=place)) / package().name
    shutil.copytree(package() / BUILD, closed / BUILD)
    shutil.copytree(
        package().with_name(f"{closed.name}.libs"), closed.with_name(f"{closed.name}.libs")
    )
    found = reachable(closed, server.base, home.server_user)
    assert found.is_relative_to(server.base)
    assert found == reachable(closed, server.base, home.server_user), "copied once"
    run([found / "postgres", "--version"], user=home.server_user)
