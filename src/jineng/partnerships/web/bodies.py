"""Pages of what comes of agreements, its members, and industry clusters."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from jineng.kernel import clock
from jineng.kernel.doors import door
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb, Fact
from jineng.kernel.web.fetching import keys_of_a_part
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.partnerships.models import Body, BodyMember
from jineng.partnerships.queries import bodies_of, cluster_members_of, clusters_of, members_of
from jineng.partnerships.web.filters import BodyFilters, ClusterFilters
from jineng.partnerships.web.records import Deed, find, may_keep, record_page, state_fact
from jineng.partnerships.web.tables import BodyTable, ClusterTable, body_state


def home() -> Crumb:
    """The way back to the list."""
    return Crumb("合作机构", reverse("bodies"))


def find_body(request: ActorRequest, pk: UUID) -> Body:
    """The body in sight, void or not.

    Raises:
        Http404: there is none.
    """
    return find(bodies_of(request.actor, standing=False), pk)


def find_member(request: ActorRequest, pk: UUID) -> BodyMember:
    """The member in sight, void or not.

    Raises:
        Http404: there is none.
    """
    return find(members_of(request.actor, standing=False), pk)


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def body_list(request: ActorRequest) -> HttpResponse:
    """Bodies that the actor's scope leads or belongs to, or that came of its agreements."""
    return list_page(
        request,
        title="合作机构",
        title_en="What came of agreements",
        lead="联盟、产业学院、培训中心（基地）、合作办学学院、园区联合体；依据的协议终止，机构随之终止。 "
        "Alliances, colleges and centres; they end with their agreement.",
        rows=lambda: keys_of_a_part(request.actor, bodies_of(request.actor, standing="status" not in request.GET)),
        table=BodyTable,
        filters=BodyFilters,
        crumbs=[Crumb("合作机构")],
        template="partnerships/bodies.html",
        empty="还没有登记合作机构。 Nothing yet.",
    )


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def body(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One body: what it is, what it comes of, who belongs to it."""
    found = find_body(request, pk)
    backing, state = found.agreement, body_state(found)
    itself = found.ended_on is not None and found.ended_on <= clock.today()
    with_agreement = "" if itself or state != "ended" else "随协议终止 With its agreement"
    facts = [
        Fact("编号 Code", found.code, kind="code"),
        Fact("类别 Kind", found.get_kind_display()),
        Fact("牵头单位 Lead", found.keeper_name),  # type: ignore[attr-defined]
        Fact(
            "依据协议 Agreement",
            backing.name if backing is not None else "",
            url=reverse("agreement", args=[backing.pk]) if backing is not None else "",
        ),
        Fact("成立日期 Founded on", str(found.founded_on or "")),
        Fact("终止日期 Ended on", str(found.ended_on or "")),
        Fact("文号 Document", found.document),
        state_fact(state, found.void_reason or with_agreement),
    ]
    deeds = []
    if may_keep(request, found):
        deeds.append(Deed("增加成员 Add a member", reverse("add_member", args=[pk])))
        if found.ended_on is None:
            deeds.append(Deed("终止 End", reverse("end_body", args=[pk])))
        deeds.append(Deed("作废 Void", reverse("void_body", args=[pk]), "danger"))
    return record_page(
        request,
        found,
        facts,
        title=found.name,
        title_en="Body",
        crumbs=[home()],
        deeds=deeds,
        template="partnerships/body.html",
        members=list(members_of(request.actor).filter(body=found).order_by("role", "name", "joined_on")),
    )


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def body_member(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One membership: who, in what, from when to when."""
    found = find_member(request, pk)
    facts = [
        Fact("合作机构 Body", found.body.name, url=reverse("body", args=[found.body_id])),
        Fact("身份 Role", found.get_role_display()),
        Fact("发起单位 Founder", "是" if found.founding else "否"),
        Fact("省级教育主管部门 Education authority", "是" if found.authority else "否"),
        Fact("省份代码 Province", found.province, kind="code"),
        Fact("国别 Country", found.place),
        Fact("加入日期 Joined on", str(found.joined_on)),
        Fact("退出日期 Left on", str(found.left_on or ""), note=found.void_reason),
    ]
    deeds = []
    if may_keep(request, found.body) and not found.is_void:
        if found.left_on is None:
            deeds.append(Deed("退出 Leave", reverse("leave_body", args=[pk])))
        deeds.append(Deed("作废 Void", reverse("void_member", args=[pk]), "danger"))
    crumbs = [home(), Crumb(found.body.name, reverse("body", args=[found.body_id]))]
    return record_page(request, found, facts, title=found.name, title_en="Member", crumbs=crumbs, deeds=deeds)


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def cluster_list(request: ActorRequest) -> HttpResponse:
    """Industry clusters, announced to everybody."""
    return list_page(
        request,
        title="产业集群",
        title_en="Industry clusters",
        lead="院校与企业围绕一个产业组成的集群。 Schools and firms around one industry.",
        rows=lambda: clusters_of(request.actor),
        table=ClusterTable,
        filters=ClusterFilters,
        crumbs=[Crumb("产业集群")],
        empty="还没有登记产业集群。 No clusters yet.",
    )


@require_GET
@door(Right.VIEW_PARTNERSHIPS)
def cluster(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One cluster, and its members in sight."""
    found = find(clusters_of(request.actor), pk)
    facts = [
        Fact("编号 Code", found.code, kind="code"),
        Fact("产业领域 Industry", found.get_field_display()),
        Fact("牵头单位 Lead", found.keeper_name),  # type: ignore[attr-defined]
        Fact("成立日期 Founded on", str(found.founded_on)),
        Fact("终止日期 Ended on", str(found.ended_on or "")),
    ]
    return record_page(
        request,
        found,
        facts,
        title=found.name,
        title_en="Cluster",
        crumbs=[Crumb("产业集群", reverse("clusters"))],
        template="partnerships/cluster.html",
        members=list(cluster_members_of(request.actor, pk)),
    )
