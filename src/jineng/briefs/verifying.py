"""Check a sealed file: its signature, and what lies beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jineng.briefs.snapshots import file_digest
from jineng.engines.seals import CanonicalError, PublicKey, loads, verify
from jineng.kernel.models import SecondKey, SigningKey


@dataclass(frozen=True)
class Finding:
    """One thing checked: what, whether it is as sealed, and in words."""

    what: str
    ok: bool
    says: str


def known_keys() -> dict[str, PublicKey]:
    """Public keys of the installation with the time they may seal in."""
    return {
        key.key_id: PublicKey(bytes(key.public_key), key.valid_from, key.retired_at)
        for key in SigningKey.objects.filter(owner_id__isnull=True)
    }


def known_seconds() -> dict[str, PublicKey]:
    """Public keys of the installation for second signatures (SM2), with the time they may seal in."""
    found = SecondKey.objects.all()
    return {key.key_id: PublicKey(bytes(key.public_key), key.valid_from, key.retired_at) for key in found}


def verify_file(path: Path) -> list[Finding]:
    """Findings on a sealed receipt or manifest; a manifest's files and tables are looked for beside it."""
    try:
        sealed = loads(path.read_bytes())
    except (CanonicalError, UnicodeDecodeError) as error:
        return [Finding(path.name, False, f"不是封印文件：{error}")]
    verdict = verify(sealed, known_keys(), known_seconds())
    twice = isinstance(sealed, dict) and "second" in sealed
    what = "两个签名（Ed25519、SM2） both signatures" if twice else "签名 signature"
    findings = [Finding(what, verdict.ok, f"{verdict.reason} {verdict.reason_en}")]
    statement = sealed.get("statement") if isinstance(sealed, dict) else None
    if isinstance(statement, dict) and statement.get("type") == "brief-release":
        findings += _files(statement, path.parent)
    return findings


def _files(statement: dict[str, Any], folder: Path) -> list[Finding]:
    wanted = dict(statement.get("files", {}))
    wanted |= {f"tables/{name}.parquet": entry["sha256"] for name, entry in statement.get("tables", {}).items()}
    findings = []
    for name, digest in sorted(wanted.items()):
        file = folder / name
        if not file.is_file():
            findings.append(Finding(name, False, "缺少文件 missing"))
            continue
        same = file_digest(file) == digest
        findings.append(Finding(name, same, "一致 as sealed" if same else "已被改动 altered"))
    return findings
