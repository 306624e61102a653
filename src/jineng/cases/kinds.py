"""Codes of the cases: in which state a procedure is."""

from django.db.models import TextChoices


class ProcedureState(TextChoices):
    """A draft may be edited; what is published stays as it is; what is retired takes no more cases."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"
