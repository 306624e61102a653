"""What cases come to here: credits, pilots of certificates, standards, results. One module for each matter."""

from pathlib import Path

from jineng.cases.seeding import bring_procedures
from jineng.credentials.applications import credits, results, standards
from jineng.credentials.applications.pilots import PILOTS

__all__ = ["PILOTS", "credits", "results", "standards"]

bring_procedures(Path(__file__).parent.with_name("data") / "procedures")
