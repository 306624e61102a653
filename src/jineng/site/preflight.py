"""Checks of the surroundings that run before anything is started, and the error that they raise.

Each failure is one line in Chinese and one in English on the same line; the command line turns it
into exit code 3.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from pathlib import Path

MINIMUM_FREE_BYTES = 500 * 1024 * 1024
MINIMUM_PYTHON = (3, 11)


class EnvironmentFailure(Exception):
    """The surroundings (disk, rights, ports, database server) do not allow what was asked.

    `zh` and `en` are complete sentences that say what is wrong and what to do.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


def disk_full(where: Path | str) -> EnvironmentFailure:
    """The failure to raise when a write to `where` met a full disk."""
    return EnvironmentFailure(
        f"磁盘空间不足：{where} 所在磁盘已满，请清理后重试。",
        f"Disk full: free some space on the disk that holds {where}, then try again.",
    )


def not_writable(where: Path | str, reason: str | None) -> EnvironmentFailure:
    """The failure to raise when the system refused to write to `where`, a part of the working directory."""
    return EnvironmentFailure(
        f"无法写入工作目录 {where}（{reason}）：请修改其权限，或用 JINENG_VAR 指定其他目录。",
        f"Cannot write to the working directory {where} ({reason}): change its rights, "
        "or name another directory in JINENG_VAR.",
    )


def check_python() -> None:
    """Raise `EnvironmentFailure` when the interpreter is older than Python 3.11."""
    if sys.version_info[:2] < MINIMUM_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise EnvironmentFailure(
            f"Python 版本过低：当前 {found}，需要 3.11 或更高版本。",
            f"Python {found} is too old: 3.11 or newer is needed.",
        )


def check_var(var: Path) -> None:
    """Create `var` where it is missing and raise `EnvironmentFailure` when it cannot be written to."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / f".write-probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(var) from error
        raise not_writable(var, error.strerror) from error


def check_disk(var: Path, minimum: int = MINIMUM_FREE_BYTES) -> None:
    """Raise `EnvironmentFailure` when fewer than `minimum` bytes are free on the disk of `var`."""
    free = shutil.disk_usage(var).free
    if free < minimum:
        raise EnvironmentFailure(
            f"磁盘空间不足：{var} 仅剩 {free // 2**20} MB，至少需要 {minimum // 2**20} MB。",
            f"Disk nearly full: {free // 2**20} MB free at {var}, at least {minimum // 2**20} MB are needed.",
        )


def check_port(host: str, port: int) -> None:
    """Raise `EnvironmentFailure` when `host:port` cannot be listened on; names the holder where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                holder = _port_holder(port)
                raise EnvironmentFailure(
                    f"端口 {port} 已被占用{f'（{holder}）' if holder else ''}：请用 --port 另选一个端口。",
                    f"Port {port} is taken{f' by {holder}' if holder else ''}: choose another one with --port.",
                ) from error
            raise EnvironmentFailure(
                f"无法监听 {host}:{port}（{error.strerror}）：请用 --host 和 --port 另选地址。",
                f"Cannot listen on {host}:{port} ({error.strerror}): choose another address with --host and --port.",
            ) from error


def _port_holder(port: int) -> str | None:
    import psutil

    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()}, pid {connection.pid}"
    except psutil.Error:
        return None
    return None
