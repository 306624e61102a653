"""State of the governance, as the database enforces it."""

from jineng.governance.models.counties import CountyFact, PooledDepartment
from jineng.governance.models.groups import GroupMember, LeadingGroup
from jineng.governance.models.policies import Policy, PolicyIssuer
from jineng.governance.models.publicity import ExhibitionItem, Occasion, OccasionParticipant, PressItem
from jineng.governance.models.tasks import Assignment, AssignmentProgress, Task, TaskStep

__all__ = [
    "Assignment",
    "AssignmentProgress",
    "CountyFact",
    "ExhibitionItem",
    "GroupMember",
    "LeadingGroup",
    "Occasion",
    "OccasionParticipant",
    "Policy",
    "PolicyIssuer",
    "PooledDepartment",
    "PressItem",
    "Task",
    "TaskStep",
]
