"""The forms in which a certificate is handed out: credential, paper, picture; each carries the signed statement."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from jineng.credentials.codes import check_code, spoken
from jineng.credentials.models import Certificate
from jineng.credentials.sealing import address
from jineng.engines.documents.certificate import CertificatePaper, render_certificate, render_picture
from jineng.engines.seals.baking import bake


@dataclass(frozen=True)
class Printable:
    """What a certificate says in print, and the credential that was signed for it."""

    number: str
    code: str
    holder: str
    title: str
    school: str
    issuer: str
    issued_on: date
    credential: dict[str, Any]
    is_synthetic: bool = False

    @classmethod
    def of(cls, certificate: Certificate, holder: str) -> Printable:
        """Of a sealed certificate with ``institution_name``."""
        credential: dict[str, Any] = certificate.seal.credential
        return cls(
            certificate.number,
            check_code(certificate.pk),
            holder,
            str(credential["name"]),
            str(getattr(certificate, "institution_name", "")),
            str(credential["issuer"]["name"]),
            certificate.issued_on,
            credential,
            certificate.person.is_synthetic,
        )

    def text(self) -> str:
        """The credential as JSON."""
        return json.dumps(self.credential, ensure_ascii=False)

    def paper(self) -> CertificatePaper:
        """The page that is printed."""
        return CertificatePaper(
            title="职业技能等级证书",
            title_en="Skill-level certificate",
            holder=self.holder,
            statement=f"参加“{self.title}”职业技能等级考核，各项均合格，特发此证。",
            number=self.number,
            code=spoken(self.code),
            issuer=self.issuer,
            issued_on=self.issued_on,
            link=address("verify_number", self.number, self.code),
            remark="　".join(filter(None, (f"所在院校：{self.school}" if self.school else "", self._mark()))),
        )

    def _mark(self) -> str:
        return "示例数据，不作凭证 Synthetic" if self.is_synthetic else ""


FORMS: dict[str, tuple[str, Callable[[Printable], bytes]]] = {
    "json": ("application/vc+json", lambda it: it.text().encode()),
    "pdf": ("application/pdf", lambda it: render_certificate(it.paper(), it.text())),
    "png": ("image/png", lambda it: bake(render_picture(it.paper()), it.text())),
}
"""Media type and maker of each form."""
