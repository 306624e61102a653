"""Write procedures: drafts are edited as text, published as data, and never changed afterwards."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jineng.cases.kinds import ProcedureState
from jineng.cases.models import Procedure
from jineng.cases.procedures import digest_of, parse
from jineng.kernel import clock
from jineng.kernel.actors import Actor, NotAllowed
from jineng.kernel.records import STANDS
from jineng.kernel.rights import Right
from jineng.kernel.verbs import current_deed, origin, verb
from jineng.registry.scope import in_reach

ROOM = "cases"
OTHERS = "该规程由其他单位制定。 Another office keeps this procedure."
TAKEN = "代码已被其他单位的草稿占用，请另取代码。 Another office's draft has this code; choose another."


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def draft_procedure(*, actor: Actor, text: str, note: str = "") -> Procedure:
    """Write the draft of a procedure's next version, given as YAML; the draft there was is written over.

    The code of the flow is that of the procedure. Cases that run by an earlier version keep it.

    Raises:
        NotAllowed: the procedure is another office's.
        ValidationError: the text is no sound procedure; every fault is named with its place.
    """
    found = parse(text)
    code = found.flow.code
    versions = Procedure.objects.filter(STANDS, code=code)
    # Read before it is locked: the database hides from a lock what the actor may not write.
    owner = versions.order_by("-version").values_list("owner_id", flat=True).first()
    if owner is not None and not in_reach(actor, owner):
        raise NotAllowed(OTHERS)
    earlier = versions.order_by("-version").select_for_update().first()
    content = found.to_data()
    values = {"name": found.flow.name, "content": content, "digest": digest_of(content), "note": note.strip()}
    if earlier is not None and earlier.state == ProcedureState.DRAFT:
        for name, value in values.items():
            setattr(earlier, name, value)
        earlier.save(update_fields=list(values))
        draft = earlier
    else:
        draft = Procedure(
            code=code,
            version=earlier.version + 1 if earlier else 1,
            owner_id=earlier.owner_id if earlier else actor.organisation_id,
            **values,
            **origin(),
        )
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError as error:
            raise NotAllowed(TAKEN) from error
    current_deed().note(f"起草规程 {draft}", subject=draft)
    return draft


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def publish_procedure(*, actor: Actor, procedure_id: UUID) -> Procedure:
    """Publish a draft: from now on intakes may be held by it, and it never changes.

    Raises:
        NotAllowed: the procedure is another office's.
        ValidationError: it is no draft.
    """
    procedure = _own(actor, procedure_id)
    if procedure.state != ProcedureState.DRAFT:
        raise ValidationError("只有草稿可以发布。 Only a draft can be published.")
    procedure.state, procedure.published_at = ProcedureState.PUBLISHED, clock.now()
    procedure.save(update_fields=["state", "published_at"])
    current_deed().note(f"发布规程 {procedure}", subject=procedure)
    return procedure


@verb(Right.EDIT_PROCEDURES, room=ROOM)
def retire_procedure(*, actor: Actor, procedure_id: UUID) -> Procedure:
    """Take no more intakes by a published version; those that run by it go on.

    Raises:
        NotAllowed: the procedure is another office's.
        ValidationError: it is not published.
    """
    procedure = _own(actor, procedure_id)
    if procedure.state != ProcedureState.PUBLISHED:
        raise ValidationError("只有已发布的规程可以停用。 Only a published procedure can be retired.")
    procedure.state = ProcedureState.RETIRED
    procedure.save(update_fields=["state"])
    current_deed().note(f"停用规程 {procedure}", subject=procedure)
    return procedure


def _own(actor: Actor, procedure_id: UUID) -> Procedure:
    procedure = Procedure.objects.select_for_update().filter(STANDS, pk=procedure_id).first()
    if procedure is None or not in_reach(actor, procedure.owner_id):
        raise NotAllowed(OTHERS)
    return procedure
