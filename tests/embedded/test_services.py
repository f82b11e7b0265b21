"""What a started instance offers, and to whom."""

import smtplib
import stat
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest
import redis

from nmdtracker.embedded import outbox, secret


def test_the_role_that_serves_can_write_rows_and_nothing_else(shared):
    with shared.connect("owner") as owner:
        owner.execute("CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, text text)")
    with shared.connect() as app:
        app.execute("INSERT INTO note (text) VALUES ('seen')")
        for refused in (
            "CREATE TABLE other (id int)",
            "ALTER TABLE note DROP text",
            "TRUNCATE note",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(refused)
        rights = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = %s"
        assert app.execute(rights, ["nmd_app"]).fetchone() == (False, False, False)
        assert app.execute(rights, ["nmd_owner"]).fetchone() == (False, False, True)


def test_a_database_made_later_has_the_same_rights(shared):
    with shared.connect("owner") as owner:
        owner.execute("CREATE DATABASE later")
    address = shared.services()["postgres"] | {"name": "later"}
    with shared.connect("owner") as link:
        info = {"host": address["host"], "dbname": "later", "password": link.info.password}
    with psycopg.connect(user="nmd_owner", **info, autocommit=True) as owner:
        owner.execute("CREATE TABLE note (id int)")
        grants = "SELECT privilege_type FROM information_schema.role_table_grants"
        found = owner.execute(f"{grants} WHERE grantee = 'nmd_app' AND table_name = 'note'")
        assert {name for (name,) in found} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    with shared.connect("owner") as owner:
        owner.execute("DROP DATABASE later")


def test_a_password_is_asked_for(shared):
    host = shared.services()["postgres"]["host"]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=host, user="postgres", dbname="nmd", password="guess")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("TimeZone", "UTC"),
        ("unix_socket_permissions", "0700"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("log_parameter_max_length", "0"),
        ("log_min_error_statement", "panic"),
        ("log_min_messages", "log"),
        ("log_error_verbosity", "terse"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("password_encryption", "scram-sha-256"),
    ],
)
def test_the_server_is_set_up_for_patient_data(shared, setting, value):
    with shared.connect("superuser") as link:
        assert link.execute("SELECT current_setting(%s)", [setting]).fetchone() == (value,)


def test_text_sorts_alike_on_every_system(shared):
    with shared.connect() as link:
        query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'nmd'"
        assert link.execute(query).fetchone() == ("b", "C.UTF-8")


def test_nothing_of_a_failing_statement_reaches_the_log(shared):
    with shared.connect() as link, pytest.raises(psycopg.Error):
        link.execute("SELECT 'Canary Surname'::int")
    assert "Canary" not in (shared.home.logs / "postgres.log").read_text()


def test_no_other_user_can_reach_sockets_or_secrets(shared):
    services = shared.services()
    for private in (
        Path(services["postgres"]["host"]),
        Path(services["redis"]["socket"]).parent,
        shared.path / "secrets",
        shared.path / "log",
        shared.path / "outbox",
        shared.home.postgres() / "18",
    ):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700, private
    for kept in (shared.path / "secrets").iterdir():
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600, kept


def test_only_the_mail_sink_listens_on_the_network_and_only_here(shared):
    links = []
    for process in shared.keeper().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # PostgreSQL's own workers come and go
            links += process.net_connections("tcp")
    ports = [link for link in links if link.status == "LISTEN"]
    assert [(link.laddr.ip, link.laddr.port) for link in ports] == [
        ("127.0.0.1", shared.services()["mail"]["port"])
    ]


def test_redis_keeps_what_it_was_given_and_its_scripts(shared):
    link = redis.Redis(unix_socket_path=shared.services()["redis"]["socket"])
    assert link.eval("return redis.call('INCR', KEYS[1])", 1, "count") >= 1
    memory = link.info("memory")["maxmemory_policy"]
    assert (memory, link.info("persistence")["aof_enabled"]) == ("noeviction", 1)
    with pytest.raises(redis.ResponseError):
        link.config_get("*")


def test_a_mail_is_kept_as_it_was_sent(shared):
    sent = EmailMessage()
    sent["Subject"], sent["To"] = "Weekly list – Zoë", "coordinator@clinic.example"
    sent["From"], sent["Message-ID"] = "nmdtracker@localhost", "<one@nmdtracker>"
    sent.set_content("A step is due.\n")
    with smtplib.SMTP("127.0.0.1", shared.services()["mail"]["port"]) as server:
        server.send_message(sent)
    kept = outbox.messages(home=shared.home)[0]
    assert kept.message["Subject"] == "Weekly list – Zoë"
    assert kept.message["Message-ID"] == "<one@nmdtracker>"
    assert (kept.recipients, kept.text) == (["coordinator@clinic.example"], "A step is due.\n")


def test_a_server_of_an_operator_gets_the_same_roles(make):
    instance = make()
    instance.start()
    host = quote(instance.services()["postgres"]["host"], safe="")
    urls = {
        "DATABASE_ADMIN_URL": f"postgres://postgres:{_password(instance, 'superuser')}@{host}/nmd",
        "DATABASE_OWNER_URL": f"postgres://nmd_owner:{_password(instance, 'owner')}@{host}/nmd",
        "DATABASE_URL": f"postgres://nmd_app:{_password(instance, 'app')}@{host}/nmd",
    }
    with psycopg.connect(urls["DATABASE_ADMIN_URL"], dbname="template1", autocommit=True) as admin:
        for removal in ("DATABASE nmd", "OWNED BY nmd_owner", "ROLE nmd_owner, nmd_app"):
            admin.execute(f"DROP {removal}")
    for _ in range(2):
        said = instance.launch("roles", **urls).communicate(timeout=30)[0]
        assert said == "Roles and database are there.\n"
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        owner.execute("CREATE TABLE note (id int)")
    with psycopg.connect(urls["DATABASE_URL"]) as app:
        assert app.execute("SELECT count(*) FROM note").fetchone() == (0,)


def _password(instance, role):
    return secret(f"postgres-{role}", instance.home)
