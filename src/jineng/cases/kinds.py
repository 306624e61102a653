"""Codes of the cases: in which state a procedure is."""

from django.db.models import TextChoices


class ProcedureState(TextChoices):
    """A draft may be edited; what is published stays as it is; what is retired takes no more cases."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


class PanelState(TextChoices):
    """How far a review is: reviewers are found, they review, the meeting has the marks, it is decided, published."""

    FORMING = "forming", "组建中"
    REVIEWING = "reviewing", "评审中"
    CLOSED = "closed", "合议中"
    DECIDED = "decided", "已排名"
    PUBLISHED = "published", "已公布"


OPENED = (PanelState.CLOSED, PanelState.DECIDED, PanelState.PUBLISHED)
"""States in which the marks are no longer sealed."""
ROUND = "cases.Round"
"""The subject of an intake in which returns are owed."""
