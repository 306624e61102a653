"""Who gets which place: schemes as data, mechanisms, rounds, and a certificate that anyone can check."""

from jineng.engines.allocation.bulk import Settled, certify_market, market_digest, settle_market, settle_markets
from jineng.engines.allocation.certificate import Published, publish
from jineng.engines.allocation.faults import AllocationError, Fault
from jineng.engines.allocation.market import NOWHERE, Market, pack_market
from jineng.engines.allocation.outcome import CutOff, Move, Outcome, Row, State
from jineng.engines.allocation.problem import Applicant, Place, Preference, Problem, commitment, load_problem
from jineng.engines.allocation.running import allocate
from jineng.engines.allocation.scheme import Kind, Scheme, load_scheme

__all__ = [
    "NOWHERE",
    "AllocationError",
    "Applicant",
    "CutOff",
    "Fault",
    "Kind",
    "Market",
    "Move",
    "Outcome",
    "Place",
    "Preference",
    "Problem",
    "Published",
    "Row",
    "Scheme",
    "Settled",
    "State",
    "allocate",
    "certify_market",
    "commitment",
    "load_problem",
    "load_scheme",
    "market_digest",
    "pack_market",
    "publish",
    "settle_market",
    "settle_markets",
]
