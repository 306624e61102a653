"""Walls of the briefs: drafts and releases are open to whoever acts; the root edits all, an office its passages."""

from jineng.kernel.walls import Wall, declare, history_wall

OWNER = "owner_id = ANY({reach})"
OF_PASSAGE = (
    "{{all}} OR EXISTS (SELECT 1 FROM briefs_passage AS passage WHERE passage.id = {table}.passage_id "
    "AND passage.owner_id = ANY({{reach}}))"
)

declare(
    Wall("briefs_release", see="{known}", write="{all}", add_only=True),
    Wall("briefs_issue", see="{known}", write="{all}"),
    Wall("briefs_passage", see="{known}", write="{all} OR " + OWNER),
    Wall("briefs_wording", see="{known}", write=OF_PASSAGE.format(table="briefs_wording")),
    Wall("briefs_picture", see="{known}", write="{all}"),
    Wall("briefs_recipient", see="{known}", write="{all}"),
    Wall("briefs_delivery", see="{all} OR organisation_id = ANY({reach})"),
    Wall("briefs_erratum", see="{known}", write="{all}", add_only=True),
    *(history_wall(f"briefs_{name}") for name in ("issue", "passage", "wording", "recipient")),
)
