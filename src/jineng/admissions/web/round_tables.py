"""Lists of files and of applicants."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django_tables2 import A, Table

from jineng.admissions.kinds import ApplicantCategory, FileState
from jineng.admissions.models import Applicant, Result
from jineng.admissions.web.filters import seasons_to_choose
from jineng.kernel.web.columns import DateColumn, ListColumn
from jineng.kernel.web.components import mark_of

FILE_MARKS = {
    FileState.FREE: "plain",
    FileState.PLACED: "data",
    FileState.READING: "data",
    FileState.REFUSAL: "warn",
    FileState.PROPOSED: "ok",
    FileState.REFUSED: "red",
    FileState.ADMITTED: "ok",
}


class FileTable(Table):
    """Files, each a door."""

    applicant = ListColumn(
        verbose_name="考生 Applicant",
        accessor="applicant__person__masked_name",
        orderable=False,
        linkify=("admission_file", {"pk": A("pk")}),
    )
    organisation = ListColumn(verbose_name="投档学校 School", accessor="organisation__name")
    programme = ListColumn(verbose_name="专业 Programme", accessor="plan__programme_name")
    wish = ListColumn(verbose_name="志愿 Wish")
    score = ListColumn(verbose_name="得分 Score", orderable=False)
    category = ListColumn(verbose_name="考生类别 Category", accessor="applicant__get_category_display", orderable=False)
    round = ListColumn(verbose_name="轮次 Round", accessor="run__opening__round__name")
    file_state = ListColumn(verbose_name="状态 State")

    def render_file_state(self, record: Result) -> str:
        """The state in words, as a mark."""
        mark = FILE_MARKS[FileState(record.file_state)]
        return mark_of(mark, record.get_file_state_display())

    class Meta:
        """The latest first, as the page asks."""

        model = Result
        fields: tuple[str, ...] = ()


class FileFilters(django_filters.FilterSet):
    """By school, season, state."""

    organisation = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", label="投档学校 School"
    )
    season = django_filters.ChoiceFilter(
        field_name="run__opening__round__season__code", choices=seasons_to_choose, label="招生季 Season"
    )
    state = django_filters.ChoiceFilter(field_name="file_state", choices=FileState.choices, label="状态 State")

    class Meta:
        """Only what stands above."""

        model = Result
        fields: tuple[str, ...] = ()


class ApplicantTable(Table):
    """Applicants, each a door."""

    person = ListColumn(
        verbose_name="考生 Applicant",
        accessor="person__masked_name",
        orderable=False,
        linkify=("admission_applicant", {"pk": A("pk")}),
    )
    season = ListColumn(verbose_name="招生季 Season", accessor="season__name")
    category = ListColumn(verbose_name="考生类别 Category", accessor="get_category_display", orderable=False)
    home = ListColumn(verbose_name="户籍县区 Home", accessor="home__name")
    registered_at = ListColumn(verbose_name="报名单位 Registered at", accessor="registered_at__name")
    recorded_at = DateColumn(verbose_name="报名日期 Registered")

    class Meta:
        """The latest first, as the page asks."""

        model = Applicant
        fields: tuple[str, ...] = ()


class ApplicantFilters(django_filters.FilterSet):
    """By season, category, county, place of registration."""

    season = django_filters.ChoiceFilter(field_name="season__code", choices=seasons_to_choose, label="招生季 Season")
    category = django_filters.ChoiceFilter(choices=ApplicantCategory.choices, label="考生类别 Category")
    home = django_filters.CharFilter(method="by_home", label="户籍县区 Home")

    def by_home(self, rows: QuerySet[Applicant], name: str, value: str) -> QuerySet[Applicant]:
        """Part of the county's name."""
        return rows.filter(home__name__icontains=value)

    class Meta:
        """Only what stands above."""

        model = Applicant
        fields: tuple[str, ...] = ()
