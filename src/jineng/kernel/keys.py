"""The key ring: signing keys in the database, wrapped by the master key; engines receive a signer, never a key."""

from __future__ import annotations

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import transaction

from jineng.engines.seals import Ed25519Signer, Signer
from jineng.kernel import clock
from jineng.kernel.crypto import decrypt, encrypt
from jineng.kernel.models import SigningKey

WRAPPING = "signing_key"


def signer(owner_id: UUID | None = None, did: str = "") -> Signer:
    """The signer of the newest key in force; the first call makes the first key.

    The key is the installation's, or that of the organisation in whose name is signed. With ``did`` the signer names
    its key as a part of that address, as proofs of credentials do.
    """
    with transaction.atomic():
        kept = SigningKey.objects.filter(owner_id=owner_id, retired_at__isnull=True)
        key = kept.order_by("-valid_from", "-key_id").first() or rotate(owner_id)
    private = bytes.fromhex(decrypt(bytes(key.wrapped_private_key), WRAPPING))
    return Ed25519Signer(f"{did}#{key.key_id}" if did else key.key_id, private)


def rotate(owner_id: UUID | None = None) -> SigningKey:
    """Make a new key and retire the owner's old ones; what they signed still verifies."""
    private = Ed25519PrivateKey.generate()
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    moment = clock.now()
    with transaction.atomic():
        SigningKey.objects.filter(owner_id=owner_id, retired_at__isnull=True).update(retired_at=moment)
        return SigningKey.objects.create(
            owner_id=owner_id,
            key_id=f"jineng-{moment:%Y%m%d}-{public.hex()[:12]}",
            public_key=public,
            wrapped_private_key=encrypt(raw.hex(), WRAPPING),
            valid_from=moment,
        )
