"""Plans of admission, and the caps that the year's documents put on them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from jineng.admissions.kinds import CapKind, Channel, Pool, ProgrammeLevel
from jineng.admissions.models.seasons import SLUG, Season
from jineng.kernel.records import STANDS, Recorded, with_history
from jineng.majors.models import Major
from jineng.registry.models import Organisation


@with_history
class Cap(Recorded):
    """A cap on the plans of a season, from the day of its document until it is lifted; a later one lifts it.

    ``limit_seats`` bounds the seats of all plans (kind season) or of those of ``organisation`` (kind institution);
    ``limit_percent`` bounds their share in each institution's plan, or in that of ``organisation`` (kind share). Of
    these plans it counts those whose way in is among ``channels`` (comma-separated; empty: any) and whose major lies
    in the catalogue's category ``category`` (0: any).
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="caps", verbose_name="招生季", db_index=False)
    code = models.CharField("限额代码", max_length=60, validators=[SLUG])
    kind = models.CharField("类别", max_length=15, choices=CapKind.choices)
    name = models.CharField("名称", max_length=100)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="机构", db_index=False
    )
    channels = models.CharField("途径", max_length=160, blank=True, default="")
    category = models.PositiveSmallIntegerField("专业大类序号", default=0)
    limit_seats = models.PositiveIntegerField("计划上限", null=True, blank=True)
    limit_percent = models.DecimalField("比例上限", max_digits=5, decimal_places=2, null=True, blank=True)
    issued_on = models.DateField("下达日期")
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "计划限额"
        ordering = ["season", "code", "issued_on"]
        constraints = [
            models.UniqueConstraint(fields=["season", "code", "issued_on"], condition=STANDS, name="cap_once"),
            models.UniqueConstraint(
                fields=["season", "code"], condition=STANDS & Q(lifted_on__isnull=True), name="cap_binds_once"
            ),
            models.CheckConstraint(
                name="cap_has_its_limit",
                condition=Q(kind=CapKind.SHARE, limit_percent__gt=0, limit_percent__lte=100, limit_seats__isnull=True)
                | (~Q(kind=CapKind.SHARE) & Q(limit_seats__isnull=False, limit_percent__isnull=True)),
            ),
            models.CheckConstraint(
                name="cap_names_its_institution",
                condition=Q(kind=CapKind.SHARE)
                | Q(kind=CapKind.SEASON, organisation__isnull=True)
                | Q(kind=CapKind.INSTITUTION, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="cap_lifted_after_issue", condition=Q(lifted_on__isnull=True) | Q(lifted_on__gte=F("issued_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


@with_history
class Plan(Recorded):
    """Seats that an institution offers in a season: in one programme, by one way in, for one pool.

    ``programme_code`` is the major's code in the catalogue of its level; ``major`` is set where that is the catalogue
    of vocational majors. ``joint_college`` is the code of the joint college that runs the programme, if one does;
    ``county_code`` the county that a county-targeted pool is for; ``group_code`` the group of programmes under which
    applicants name it. Filed by the institution, accepted by the province, perhaps withdrawn: each on its day. The
    seats of standing plans that are not withdrawn never go beyond a cap, which a trigger of the table sees to.
    """

    season = models.ForeignKey(Season, models.PROTECT, related_name="plans", verbose_name="招生季", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="招生机构")
    programme_code = models.CharField("专业代码", max_length=8)
    programme_name = models.CharField("专业名称", max_length=60)
    level = models.CharField("层次", max_length=15, choices=ProgrammeLevel.choices)
    major = models.ForeignKey(
        Major, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="专业", db_index=False
    )
    joint_college = models.CharField("合作学院代码", max_length=60, blank=True, default="")
    channel = models.CharField("途径", max_length=20, choices=Channel.choices, default=Channel.DIRECT)
    pool = models.CharField("计划性质", max_length=15, choices=Pool.choices, default=Pool.ORDINARY)
    county_code = models.CharField("定向县区代码", max_length=6, blank=True, default="")
    group_code = models.CharField("专业组", max_length=10, blank=True, default="")
    seats = models.PositiveIntegerField("计划数")
    filed_on = models.DateField("申报日期")
    accepted_on = models.DateField("核准日期", null=True, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    document = models.CharField("文号", max_length=100, blank=True, default="")

    class Meta:
        verbose_name = "招生计划"
        ordering = ["season", "organisation_id", "programme_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "organisation", "programme_code", "joint_college", "channel", "pool", "county_code"],
                condition=STANDS,
                name="plan_once",
            ),
            models.CheckConstraint(name="plan_has_seats", condition=Q(seats__gt=0)),
            models.CheckConstraint(
                name="plan_accepted_after_filing",
                condition=Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("filed_on")),
            ),
            models.CheckConstraint(
                name="plan_withdrawn_after_filing",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("filed_on")),
            ),
            models.CheckConstraint(
                name="plan_targets_a_county",
                condition=Q(pool=Pool.COUNTY, county_code__regex=r"^[0-9]{6}$")
                | (~Q(pool=Pool.COUNTY) & Q(county_code="")),
            ),
        ]
        indexes = [models.Index(fields=["-recorded_at", "id"], name="plan_latest_first")]

    def __str__(self) -> str:
        return f"{self.programme_name}（{self.get_channel_display()}·{self.get_pool_display()}）"

    @property
    def status(self) -> str:
        """``void``, ``withdrawn``, ``accepted`` or ``filed``."""
        if self.is_void:
            return "void"
        if self.withdrawn_on is not None:
            return "withdrawn"
        return "accepted" if self.accepted_on is not None else "filed"

    def accepted_by(self, day: date) -> bool:
        """Whether it was accepted by ``day``."""
        return self.accepted_on is not None and self.accepted_on <= day
