"""The key ring: signing keys in the database, wrapped by the master key; engines receive a signer, never a key."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import transaction

from jineng.engines.seals import Ed25519Signer, Signer
from jineng.kernel import clock
from jineng.kernel.crypto import decrypt, encrypt
from jineng.kernel.models import SigningKey

WRAPPING = "signing_key"


def signer() -> Signer:
    """The signer of the newest key in force; the first call makes the first key."""
    with transaction.atomic():
        key = SigningKey.objects.filter(retired_at__isnull=True).order_by("-valid_from", "-key_id").first()
        if key is None:
            key = rotate()
    private = bytes.fromhex(decrypt(bytes(key.wrapped_private_key), WRAPPING))
    return Ed25519Signer(key.key_id, private)


def rotate() -> SigningKey:
    """Make a new key and retire the old ones; what they signed still verifies."""
    private = Ed25519PrivateKey.generate()
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    moment = clock.now()
    with transaction.atomic():
        SigningKey.objects.filter(retired_at__isnull=True).update(retired_at=moment)
        return SigningKey.objects.create(
            key_id=f"jineng-{moment:%Y%m%d}-{public.hex()[:12]}",
            public_key=public,
            wrapped_private_key=encrypt(raw.hex(), WRAPPING),
            valid_from=moment,
        )
