"""Walls of the room's tables; ``scope.py`` says the same for the program."""

from __future__ import annotations

from jineng.kernel.walls import Wall, declare, history_wall

OWN = "organisation_id = ANY({reach})"
PARKS = "ARRAY(SELECT id FROM facilities_park WHERE organisation_id = ANY({reach}))"
PHASES = "ARRAY(SELECT id FROM facilities_phase WHERE park_id = ANY(" + PARKS + "))"
KEPT = "ARRAY(SELECT id FROM facilities_sharedfacility WHERE park_id = ANY(" + PARKS + "))"
SHARED = "ARRAY(SELECT facility_id FROM facilities_facilitysight WHERE organisation_id = ANY({reach}))"
OF_PARK = "{all} OR park_id = ANY(" + PARKS + ")"
OF_PHASE = "{all} OR phase_id = ANY(" + PHASES + ")"
OF_FACILITY = "{all} OR facility_id = ANY(" + KEPT + ")"
TRACKED = (
    "park",
    "phase",
    "phasereport",
    "investmentbooking",
    "sharedfacility",
    "sharingmember",
    "usehours",
    "relocation",
)


def declare_walls() -> None:
    """Declare the walls of every table of the room."""
    declare(
        Wall("facilities_park", see="{known}", write="{all} OR " + OWN),
        Wall("facilities_phase", see=OF_PARK),
        Wall("facilities_phasereport", see=OF_PHASE),
        Wall("facilities_investmentbooking", see=OF_PHASE),
        Wall("facilities_sharedfacility", see=OF_PARK + " OR id = ANY(" + SHARED + ")", write=OF_PARK),
        Wall("facilities_sharingmember", see=OF_FACILITY + " OR " + OWN, write=OF_FACILITY),
        # The park or the member itself reports the hours.
        Wall("facilities_usehours", see=OF_FACILITY + " OR " + OWN),
        Wall("facilities_relocation", see=OF_PARK + " OR " + OWN, write=OF_PARK),
        Wall("facilities_facilitysight", see="{all} OR " + OWN, by_triggers_only=True),
        *(history_wall(f"facilities_{name}") for name in TRACKED),
    )
