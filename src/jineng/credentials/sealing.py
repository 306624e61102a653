"""A certificate as an Open Badges 3.0 credential: what it says, and the addresses that it names."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.urls import reverse

from jineng.credentials.codes import check_code, salt_of
from jineng.credentials.models import Certificate
from jineng.engines.seals.badges import Achievement, Holder, Issuer, badge
from jineng.engines.seals.dids import web_did
from jineng.engines.seals.status import status_entry
from jineng.kernel import clock


def address(name: str, *parts: object) -> str:
    """The public address of one of the room's pages."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=parts)


def did_of(body_id: UUID) -> str:
    """The ``did:web`` of an assessment body: where its keys stand on this site."""
    path = reverse("credential_issuer", args=[body_id]).strip("/").split("/")
    return web_did(urlsplit(settings.SITE_URL).netloc, *path[:-1])


def holder_text(name: str, certificate_id: UUID) -> str:
    """What a credential hashes of its holder: the name and the printed check code.

    Whoever holds the paper can check whose the file is; the file alone does not tell the name, however many are tried.
    """
    return f"{name} {check_code(certificate_id)}"


def credential_of(certificate: Certificate, issuer: Issuer, name: str, listed: str, index: int) -> dict[str, Any]:
    """The credential of a certificate, unsigned. ``name`` is the holder's, ``listed`` the status list's address."""
    kind, level = certificate.certificate_type, certificate.get_level_display()
    identity = uuid5(NAMESPACE_URL, f"{issuer.id}/achievements/{kind.code}/{certificate.level}")
    return badge(
        f"urn:uuid:{certificate.pk}",
        issuer,
        Achievement(
            f"urn:uuid:{identity}",
            f"{kind.name}（{level}）",
            "职业技能等级证书 Skill-level certificate",
            "参加培训评价组织的考核，各项均合格。 All parts of the body's assessment were passed.",
            code=kind.code,
        ),
        Holder(holder_text(name, certificate.pk), salt_of(certificate.pk)),
        dt.datetime.combine(certificate.issued_on, dt.time(), clock.CHINA),
        number=certificate.number,
        status=status_entry(listed, index),
    )
