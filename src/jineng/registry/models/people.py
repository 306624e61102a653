"""People: one identity with several documents, and the facts that conflicts of interest are told from."""

from __future__ import annotations

from django.db import models

from jineng.kernel.crypto import EncryptedText, lookup_hash, mask_name
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.kinds import DocumentKind
from jineng.registry.models.organisations import Organisation


@with_history
class Person(Recorded):
    """A person. Names are encrypted; ``merged_into`` leads to the identity that took this one over."""

    name = EncryptedText("姓名")
    is_synthetic = models.BooleanField("示例数据", default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", db_index=False
    )

    class Meta:
        verbose_name = "人员"
        indexes = [
            models.Index(
                fields=["merged_into"], condition=models.Q(merged_into__isnull=False), name="person_merged_into"
            )
        ]

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        """The name as lists show it."""
        return mask_name(self.name)


@with_history
class PersonDocument(Recorded):
    """An identity paper of a person: its number encrypted, found by keyed hash."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents")
    kind = models.CharField("证件类型", max_length=15, choices=DocumentKind.choices)
    number = EncryptedText("证件号码")
    number_hash = models.CharField(max_length=70)

    class Meta:
        verbose_name = "证件"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number_hash"], condition=STANDS, name="document_number_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @staticmethod
    def hash_of(kind: str, number: str) -> str:
        """The hash under which a document of this kind and number is stored."""
        return lookup_hash(number, f"document/{kind}")


@with_history
class PersonMerge(Recorded):
    """Two identities found to be one (or, undone, found not to be): kept, so that a split restores what was."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    reason = models.CharField("依据", max_length=300)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "身份合并"

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"


@with_history
class Employment(Recorded):
    """A person works for an organisation from a date, perhaps until another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="employments")
    position = models.CharField("职务", max_length=60, blank=True, default="")
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "since"], condition=STANDS, name="employment_once"
            ),
            models.CheckConstraint(
                name="employment_ends_after_start",
                condition=models.Q(until__isnull=True) | models.Q(until__gt=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.since}"


class PersonParty(models.Model):
    """An organisation that has to do with a person, as employer, school or host, and so may see who it is.

    Row-level security of people follows these rows; what it has to do with the person is told by the rooms' own
    records. Rows come with employments, by a trigger, and with ``ensure_people``; they are never taken back.
    """

    pk = models.CompositePrimaryKey("person_id", "organisation_id")
    person = models.ForeignKey(Person, models.CASCADE, related_name="parties", db_index=False, db_constraint=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        verbose_name = "相关单位"

    def __str__(self) -> str:
        return f"{self.person_id} {self.organisation_id}"


@with_history
class Kinship(Recorded):
    """Two people are related; kept once per pair, the smaller id first."""

    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    relation = models.CharField("关系", max_length=30)

    class Meta:
        verbose_name = "亲属关系"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], condition=STANDS, name="kinship_once"),
            models.CheckConstraint(name="kinship_in_order", condition=models.Q(one__lt=models.F("other"))),
        ]

    def __str__(self) -> str:
        return self.relation
