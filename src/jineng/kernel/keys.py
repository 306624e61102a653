"""The key ring: signing keys wrapped by the master key, or on a token; engines receive a signer, never a key."""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import transaction

from jineng.engines.seals import Ed25519Signer, Signer
from jineng.kernel import clock, tokens
from jineng.kernel.crypto import decrypt, encrypt
from jineng.kernel.models import SigningKey

WRAPPING = "signing_key"
ON_TOKEN = b""
"""What stands for the private half in the register where it lies on a token."""


def signer(owner_id: UUID | None = None, did: str = "") -> Signer:
    """The signer of the newest key in force; the first call makes the first key.

    The key is the installation's, or that of the organisation in whose name is signed. With ``did`` the signer names
    its key as a part of that address, as proofs of credentials do. Where a token is configured and the key in force
    does not lie on it, a new one is made there first. Raises `TokenFailure`.
    """
    token = tokens.configured()
    with transaction.atomic():
        kept = SigningKey.objects.filter(owner_id=owner_id, retired_at__isnull=True)
        key = kept.order_by("-valid_from", "-key_id").first()
        if key is None or (token is not None and bytes(key.wrapped_private_key) != ON_TOKEN):
            key = rotate(owner_id)
    name, wrapped = f"{did}#{key.key_id}" if did else key.key_id, bytes(key.wrapped_private_key)
    if wrapped != ON_TOKEN:
        return Ed25519Signer(name, bytes.fromhex(decrypt(wrapped, WRAPPING)))
    if token is None:
        raise tokens.TokenFailure(
            f"密钥 {key.key_id} 在签名设备（HSM）上，但没有配置该设备（JINENG_HSM_MODULE）。",
            f"The key {key.key_id} lies on a signing token, and none is configured (JINENG_HSM_MODULE).",
        )
    return tokens.TokenSigner(token, key.key_id, name, bytes(key.public_key))


def rotate(owner_id: UUID | None = None) -> SigningKey:
    """Make a new key and retire the owner's old ones; what they signed still verifies. Raises `TokenFailure`."""
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
