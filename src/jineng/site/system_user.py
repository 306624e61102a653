"""The unprivileged system user that PostgreSQL runs as when the program itself runs as root.

PostgreSQL refuses to run as root. Rights of directories are not widened for everybody: where that user
cannot pass through a directory (a home with mode 700, say), it alone is given the right to traverse it,
by an access control list entry (POSIX.1e draft 17; layout of the Linux `system.posix_acl_access`
attribute).
"""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jineng.site.preflight import EnvironmentFailure

USER_NAME = "pgserver"

_ATTRIBUTE = "system.posix_acl_access"
_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_EXECUTE = 0o1


@dataclass(frozen=True)
class RunAs:
    """Numeric user and group that PostgreSQL's programs run as; `switch` when they are not our own."""

    uid: int
    gid: int
    switch: bool

    def child(self, command: Sequence[str | Path]) -> tuple[list[str | Path], dict[str, Any]]:
        """The command and the keyword arguments for `subprocess` that make a child run as this user.

        It is `setpriv` that switches, where there is one (util-linux). Python switches by itself only after a real
        fork, for which the kernel copies the tables of all pages: a tenth of a second where the program is large.
        """
        if not self.switch:
            return [*command], {}
        if program := shutil.which("setpriv", path=os.defpath):
            return [program, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", "--", *command], {}
        return [*command], {"user": self.uid, "group": self.gid, "extra_groups": []}


def run_as(data: Path) -> RunAs:
    """Who must run the server of the data directory `data`: its owner, and never root.

    Raises `EnvironmentFailure` when the data belong to somebody else and we are not root, or when no
    system user can be made.
    """
    uid = os.geteuid()
    owner = data.stat().st_uid if data.exists() else None
    if uid != 0:
        if owner not in (None, uid):
            raise EnvironmentFailure(
                f"数据库目录 {data} 属于其他用户（uid {owner}）：请用该用户运行，或用 JINENG_VAR 指定其他目录。",
                f"The database directory {data} belongs to another user (uid {owner}): run as that user, "
                "or name another directory in JINENG_VAR.",
            )
        return RunAs(uid, os.getegid(), switch=False)
    if owner:
        return RunAs(owner, data.stat().st_gid, switch=True)
    entry = _system_user()
    return RunAs(entry.pw_uid, entry.pw_gid, switch=True)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER_NAME)
    except KeyError:
        pass
    command = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER_NAME]
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    outcome = "useradd is missing"
    if program:
        outcome = subprocess.run([program, *command], capture_output=True, text=True, check=False).stderr
    try:
        return pwd.getpwnam(USER_NAME)
    except KeyError as error:
        reason = outcome.strip().splitlines()[-1] if outcome.strip() else "unknown reason"
        raise EnvironmentFailure(
            f"无法创建运行数据库的系统用户 {USER_NAME}（{reason}）：请手动创建，或不以 root 身份运行。",
            f"Cannot create the system user {USER_NAME} that runs the database ({reason}): "
            "create it by hand, or do not run as root.",
        ) from error


def _can(user: RunAs, test: str, path: Path) -> bool:
    command, options = user.child(["/usr/bin/test", test, path])
    try:
        return subprocess.run(command, check=False, **options).returncode == 0
    except OSError:
        return False


def open_way(user: RunAs, directory: Path) -> None:
    """Make sure that `user` can traverse every directory down to `directory`.

    Raises `EnvironmentFailure` where the file system knows no access control lists.
    """
    if not user.switch or _can(user, "-x", directory):
        return
    for step in (*reversed(directory.parents), directory):
        if _can(user, "-x", step):
            continue
        try:
            allow_traversal(step, user.uid)
        except OSError as error:
            raise EnvironmentFailure(
                f"数据库用户 {USER_NAME} 无法进入目录 {step}：请执行 chmod o+x {step}，或用 JINENG_VAR 指定其他目录。",
                f"The database user {USER_NAME} cannot pass through {step} ({error.strerror}): "
                f"run chmod o+x {step}, or name another directory in JINENG_VAR.",
            ) from error


def open_programs(user: RunAs, binaries: Path) -> None:
    """Make sure that `user` can run the programs in `binaries` and read what lies beside them."""
    if not user.switch:
        return
    open_way(user, binaries)
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    roots = [binaries.parent, *([libraries] if libraries.is_dir() else [])]
    samples = [binaries / "postgres", binaries.parent / "share", *(next(r.iterdir(), r) for r in roots)]
    if all(_can(user, "-r", sample) for sample in samples):
        return
    for root in roots:
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                path.chmod(mode | 0o044 | (0o011 if path.is_dir() or mode & 0o100 else 0))


def allow_traversal(directory: Path, uid: int) -> None:
    """Give the user `uid`, and nobody else, the right to traverse `directory`.

    Raises `OSError` (`ENOTSUP`) where the file system has no access control lists.
    """
    entries = _read(directory)
    mask = entries.get((_MASK, _NO_ID))
    if mask is not None:
        for key in entries:
            if key[0] in (_USER, _GROUP, _GROUP_OBJ):
                entries[key] &= mask
    entries[_USER, uid] = entries.get((_USER, uid), 0) | _EXECUTE
    entries[_MASK, _NO_ID] = 0
    for key, rights in entries.items():
        if key[0] in (_USER, _GROUP, _GROUP_OBJ):
            entries[_MASK, _NO_ID] |= rights
    packed = struct.pack("<I", _VERSION)
    for (tag, who), rights in sorted(entries.items()):
        packed += struct.pack("<HHI", tag, rights, who)
    os.setxattr(directory, _ATTRIBUTE, packed)


def _read(directory: Path) -> dict[tuple[int, int], int]:
    try:
        packed = os.getxattr(directory, _ATTRIBUTE)
    except OSError as error:
        if error.errno != errno.ENODATA:
            raise
        mode = directory.stat().st_mode
        return {
            (_USER_OBJ, _NO_ID): mode >> 6 & 0o7,
            (_GROUP_OBJ, _NO_ID): mode >> 3 & 0o7,
            (_OTHER, _NO_ID): mode & 0o7,
        }
    return {(tag, who): rights for tag, rights, who in struct.iter_unpack("<HHI", packed[4:])}
