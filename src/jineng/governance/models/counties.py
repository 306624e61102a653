"""一县一校一中心: dated facts of each county, and which departments a centre has to pool."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jineng.governance.kinds import CountyItem, Department
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.registry.models import Division, Organisation


@with_history
class CountyFact(Recorded):
    """From ``since`` on a county has its school, its centre, a leader as the centre's director, or pools a department.

    ``office`` is the education department that answers for the county ``division``. School and centre name their
    organisation, the director the leader's post, a pooled department itself.
    """

    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="负责单位")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="县区")
    item = models.CharField("事项", max_length=12, choices=CountyItem.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="学校或中心"
    )
    department = models.CharField("统筹部门", max_length=25, choices=Department.choices, blank=True, default="")
    post_title = models.CharField("兼任领导职务", max_length=60, blank=True, default="")
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    document = models.CharField("依据文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "一县一校一中心"
        ordering = ["division", "item", "department", "since"]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "item", "department", "since"], condition=STANDS, name="county_fact_once"
            ),
            models.CheckConstraint(
                name="county_fact_ends_after_beginning", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="county_fact_is_what_it_says",
                condition=Q(
                    item__in=[CountyItem.SCHOOL, CountyItem.CENTRE],
                    organisation__isnull=False,
                    department="",
                    post_title="",
                )
                | (Q(item=CountyItem.DIRECTOR, organisation__isnull=True, department="") & ~Q(post_title=""))
                | (Q(item=CountyItem.DEPARTMENT, organisation__isnull=True, post_title="") & ~Q(department="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.get_item_display()}"


@with_history
class PooledDepartment(Recorded):
    """A department that every county centre has to pool from a day on, by the document that says so."""

    department = models.CharField("部门", max_length=25, choices=Department.choices)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    document = models.CharField("依据文号", max_length=100)

    class Meta:
        verbose_name = "应统筹部门"
        ordering = ["since", "department"]
        constraints = [
            models.UniqueConstraint(fields=["department", "since"], condition=STANDS, name="pooled_department_once"),
            models.CheckConstraint(
                name="pooled_department_ends_after_beginning",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_department_display()
