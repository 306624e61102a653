"""`jineng renew-key`: a new signing key for the installation or for an organisation that signs."""

from __future__ import annotations

from typing import Annotated

import typer

FINDING = 1


def renew_key(
    username: Annotated[str, typer.Option("--as", help="The administrator that renews it; its scope applies.")],
    organisation: Annotated[
        str, typer.Option("--of", help="The code of the organisation that signs. Default: the installation.")
    ] = "",
    second: Annotated[bool, typer.Option("--second", help="The SM2 key of second signatures instead.")] = False,
) -> None:
    """Make a new signing key and retire the one before; what that signed still verifies.

    On the signing token where one is configured. Leaves an audit line. Exit code 1 where it is refused.
    """
    from rich.console import Console

    from jineng.site.cli import pipeline

    if second and organisation:
        raise typer.BadParameter("an organisation has no second key", param_hint="--second")
    console = Console()
    with pipeline.site_ready(console):
        from jineng.engines.seals import SecondMissing
        from jineng.kernel.actors import NotAllowed, acting
        from jineng.kernel.tokens import SigningFailure
        from jineng.registry.models import Organisation
        from jineng.registry.verbs import renew_key, renew_second_key

        actor = pipeline.actor_named(username)
        try:
            if second:
                key_id = renew_second_key(actor=actor).key_id
            else:
                with acting(actor):
                    owner = Organisation.objects.filter(code=organisation).first() if organisation else None
                if organisation and owner is None:
                    raise typer.BadParameter(f"no organisation has the code {organisation}", param_hint="--of")
                key_id = renew_key(actor=actor, organisation_id=owner.pk if owner else None).key_id
        except (NotAllowed, SecondMissing, SigningFailure) as refusal:
            console.print(str(refusal), highlight=False)
            raise typer.Exit(FINDING) from refusal
    console.print(f"新密钥 / The new key: {key_id}", highlight=False)
