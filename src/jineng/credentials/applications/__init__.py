"""What cases come to here: credits and their transfer, pilots, standards, results. One module for each matter."""

from pathlib import Path

from jineng.cases.seeding import bring_procedures
from jineng.credentials.applications import credits, results, standards, transfers
from jineng.credentials.applications.pilots import PILOTS

__all__ = ["PILOTS", "credits", "results", "standards", "transfers"]

bring_procedures(Path(__file__).parent.with_name("data") / "procedures")
