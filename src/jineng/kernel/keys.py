"""The key ring: signing keys wrapped by the master key, or on a token; engines receive a signer, never a key.

Beside the installation's Ed25519 key there may be one of SM2, for second signatures.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.db import transaction

from jineng.engines.seals import Ed25519Signer, SecondSigner, Signer, can_sign_twice, new_pair, seal
from jineng.kernel import clock, tokens
from jineng.kernel.crypto import decrypt, encrypt
from jineng.kernel.models import SecondKey, SigningKey
from jineng.kernel.prepared import value_of

WRAPPING = "signing_key"
SECOND_WRAPPING = "second_key"
ON_TOKEN = b""
"""What stands for the private half in the register where it lies on a token."""


_NEWEST = """
SELECT json_build_object('key_id', key_id, 'valid_from', valid_from, 'public', encode(public_key, 'hex'),
  'wrapped', encode(wrapped_private_key, 'hex'))
FROM kernel_signingkey WHERE owner_id IS NOT DISTINCT FROM $1::uuid AND retired_at IS NULL
ORDER BY valid_from DESC, key_id DESC LIMIT 1
"""


def signer(owner_id: UUID | None = None, did: str = "") -> Signer:
    """The signer of the newest key in force; the first call makes the first key.

    The key is the installation's, or that of the organisation in whose name is signed. With ``did`` the signer names
    its key as a part of that address, as proofs of credentials do. Where a token is configured and the key in force
    does not lie on it, a new one is made there first. Raises `SigningFailure`.
    """
    return signer_since(owner_id, did)[0]


def signer_since(owner_id: UUID | None = None, did: str = "") -> tuple[Signer, datetime]:
    """What :func:`signer` gives, and since when its key may seal."""
    token, key = tokens.configured(), _newest(owner_id)
    if key is None or (token is not None and key.wrapped_private_key != ON_TOKEN):
        key = rotate(owner_id)
    name, wrapped = f"{did}#{key.key_id}" if did else key.key_id, bytes(key.wrapped_private_key)
    if wrapped != ON_TOKEN:
        return Ed25519Signer(name, bytes.fromhex(decrypt(wrapped, WRAPPING))), key.valid_from
    if token is None:
        raise tokens.SigningFailure(
            f"密钥 {key.key_id} 在签名设备（HSM）上，但没有配置该设备（JINENG_HSM_MODULE）。",
            f"The key {key.key_id} lies on a signing token, and none is configured (JINENG_HSM_MODULE).",
        )
    return tokens.TokenSigner(token, key.key_id, name, bytes(key.public_key)), key.valid_from


def _newest(owner_id: UUID | None) -> SigningKey | None:
    """The key in force, as far as signing needs it; in one question, which each receipt of an applicant puts."""
    told = value_of(_NEWEST, None if owner_id is None else str(owner_id))
    if told is None:
        return None
    kept = json.loads(told)
    return SigningKey(
        owner_id=owner_id,
        key_id=kept["key_id"],
        public_key=bytes.fromhex(kept["public"]),
        wrapped_private_key=bytes.fromhex(kept["wrapped"]),
        valid_from=datetime.fromisoformat(kept["valid_from"]),
    )


def rotate(owner_id: UUID | None = None) -> SigningKey:
    """Make a new key and retire the owner's old ones; what they signed still verifies. Raises `SigningFailure`."""
    token = tokens.configured()
    if token is None:
        private = Ed25519PrivateKey.generate()
        raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        key_id, wrapped = f"jineng-{clock.today():%Y%m%d}-{public.hex()[:12]}", encrypt(raw.hex(), WRAPPING)
    else:
        # A token wants the label before it tells the public key.
        key_id, wrapped = f"jineng-{clock.today():%Y%m%d}-{secrets.token_hex(6)}", ON_TOKEN
        public = token.make(key_id)
    moment = clock.now()
    with transaction.atomic():
        SigningKey.objects.filter(owner_id=owner_id, retired_at__isnull=True).update(retired_at=moment)
        return SigningKey.objects.create(
            owner_id=owner_id,
            key_id=key_id,
            public_key=public,
            wrapped_private_key=wrapped,
            valid_from=moment,
        )


def sealed(statement: Any) -> dict[str, Any]:
    """A statement under the installation's seal as of now, signed a second time where that is asked for.

    Raises `SigningFailure`.
    """
    (first, since), second = signer_since(), second_signer_since()
    if second is None:
        return dict(seal(statement, first, max(clock.now(), since)))
    return dict(seal(statement, first, max(clock.now(), since, second[1]), second[0]))


def signer_now() -> tuple[Signer, datetime]:
    """The installation's signer and the moment as of which it seals: now by the business clock, or since when its key
    may, where the clock stands before. Raises `SigningFailure`."""
    found, since = signer_since()
    return found, max(clock.now(), since)


def second_signer_since() -> tuple[SecondSigner, datetime] | None:
    """The signer of the newest SM2 key in force and since when that key may seal, or None where no second signature is
    asked for; the first call makes the first key. Raises `SigningFailure` where what signs by SM2 is not installed.
    """
    if not settings.SECOND_SIGNATURE:
        return None
    if not can_sign_twice():
        raise tokens.SigningFailure(
            "已要求第二签名（SM2），但没有安装 gmssl-pyx（jineng[sm2]）。",
            "A second signature (SM2) is asked for, but gmssl-pyx (jineng[sm2]) is not installed.",
        )
    with transaction.atomic():
        kept = SecondKey.objects.filter(retired_at__isnull=True).order_by("-valid_from", "-key_id")
        key = kept.first() or rotate_second()
    private = bytes.fromhex(decrypt(bytes(key.wrapped_private_key), SECOND_WRAPPING))
    return SecondSigner(key.key_id, bytes(key.public_key), private), key.valid_from


def rotate_second() -> SecondKey:
    """Make a new SM2 key and retire the old ones; what they signed still verifies. Raises SecondMissing."""
    public, private = new_pair()
    moment = clock.now()
    with transaction.atomic():
        SecondKey.objects.filter(retired_at__isnull=True).update(retired_at=moment)
        return SecondKey.objects.create(
            key_id=f"jineng-sm2-{moment:%Y%m%d}-{public.hex()[:12]}",
            public_key=public,
            wrapped_private_key=encrypt(private.hex(), SECOND_WRAPPING),
            valid_from=moment,
        )
