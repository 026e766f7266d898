"""PostgreSQL servers for the test: finds the programs, makes a cluster in a temporary folder, starts and stops it.

Version 15 is Debian's package; the others are the packages of package.json, unpacked by `npm ci` into
node_modules. A server listens on a socket in its own folder only and runs as a user that is not root.
"""

import ctypes
import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2

HERE = pathlib.Path(__file__).resolve().parent
KNOWN_VERSIONS = (13, 14, 15, 16, 17, 18)
DEFAULT_VERSIONS = (15, 18)

# What the corpus may count on in every cluster.
CLUSTER_SETUP = """
CREATE ROLE app_owner;
CREATE ROLE app_writer;
CREATE ROLE app_reader;
"""

# A standby that never comes: a session that asks for synchronous commit stops at each of its commits,
# its locks still held, until it is told to go on. All other sessions commit locally.
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "16MB",
    "max_connections": "40",
    "max_prepared_transactions": "400",
    "max_locks_per_transaction": "256",
    "max_wal_senders": "4",
    "wal_level": "logical",
    "synchronous_standby_names": "'nobody'",
    "synchronous_commit": "local",
    "timezone": "'UTC'",
    "jit": "off",
    "log_min_messages": "warning",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
}


def _program_candidates(version):
    yield pathlib.Path(f"/usr/lib/postgresql/{version}")
    yield HERE / "node_modules" / f"pg{version}" / "native"


def find_programs(version):
    """The folder that holds bin/ of that version, or None."""
    for folder in _program_candidates(version):
        if (folder / "bin" / "postgres").exists():
            return folder
    return None


def _recreate_symlinks(folder):
    """A package holds no symbolic links; it lists them in pg-symlinks.json."""
    listed = folder / "pg-symlinks.json"
    if not listed.exists():
        return
    for link in json.loads(listed.read_text()):
        target = folder.parent / link["target"]
        if not target.exists():
            target.symlink_to(os.path.relpath(folder.parent / link["source"], target.parent))


def _unprivileged_user():
    """None when we are not root already; else the user that runs the servers."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root may not run PostgreSQL, and there is neither a user postgres nor nobody")


def _die_with_parent():
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGQUIT)


class Server:
    """One running cluster of one version; a context manager that leaves nothing behind.

    A test that needs another cluster derives from it: `settings` of its own, and what `_prepare` makes once
    the server runs.
    """

    settings = SETTINGS

    def __init__(self, version):
        self.version = version
        self.user = _unprivileged_user()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"pgsift-{version}-"))
        self.programs = find_programs(version)
        self.process = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _command(self, name, *arguments):
        return [str(self.programs / "bin" / name), *arguments]

    def _options(self):
        options = {
            "cwd": self.folder,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_LIBRARY_PATH": str(self.programs / "lib")},
        }
        if self.user:
            options.update(user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[])
        return options

    def _make_programs_readable(self):
        """The server's user may not be able to enter the folder of the checkout: then a copy is used."""
        try:
            subprocess.run(self._command("postgres", "--version"), check=True, capture_output=True, **self._options())
        except (OSError, subprocess.CalledProcessError):
            copy = self.folder / "programs"
            shutil.copytree(self.programs, copy, symlinks=True)
            self.programs = copy

    def _start(self):
        if "node_modules" in self.programs.parts:
            _recreate_symlinks(self.programs)
        self.folder.chmod(0o755)
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self._make_programs_readable()
        data = self.folder / "data"
        initdb = self._command("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                               "--locale=C", "--no-sync")
        done = subprocess.run(initdb, capture_output=True, text=True, **self._options())
        if done.returncode != 0:
            raise RuntimeError(f"initdb of {self.version} failed: {done.stderr}")
        with open(data / "postgresql.auto.conf", "a", encoding="utf-8") as settings:
            for name, value in self.settings.items():
                settings.write(f"{name} = {value}\n")
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(self._command("postgres", "-D", str(data)), stdout=log, stderr=log,
                                            preexec_fn=_die_with_parent, start_new_session=True, **self._options())
        self._wait_until_ready()
        self._prepare()

    def _prepare(self):
        space = self.folder / "archive_space"
        space.mkdir()
        if self.user:
            os.chown(space, self.user.pw_uid, self.user.pw_gid)
        connection = self.connect()
        cursor = connection.cursor()
        cursor.execute(f"CREATE TABLESPACE archive_space LOCATION '{space}'")
        cursor.execute(CLUSTER_SETUP)
        connection.close()

    def _wait_until_ready(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
                return
            except psycopg2.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"server {self.version} did not start: {error}\n{log}") from error
                time.sleep(0.05)

    def connect(self, database="postgres", **settings):
        """A session that commits each statement by itself; `settings` hold through RESET ALL."""
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        connection = psycopg2.connect(host=str(self.folder), port=5432, user="postgres", dbname=database,
                                      options=options)
        connection.autocommit = True
        return connection

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
