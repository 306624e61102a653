"""Posts: who holds which, give, end, delegate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from jineng.kernel.actors import NotAllowed
from jineng.kernel.doors import door
from jineng.kernel.models import Account
from jineng.kernel.rights import Right
from jineng.kernel.web.components import Crumb
from jineng.kernel.web.deeds import deed_page
from jineng.kernel.web.lists import list_page
from jineng.kernel.web.requests import ActorRequest
from jineng.registry.models import Post
from jineng.registry.scope import visible
from jineng.registry.verbs import delegate_post, end_post, give_post, open_account
from jineng.registry.web.forms import DelegateForm, EndForm, PostForm
from jineng.registry.web.tables import PostFilters, PostTable

HOME = Crumb("岗位", "/posts/")


@require_GET
@door(Right.MANAGE_POSTS)
def post_list(request: ActorRequest) -> HttpResponse:
    """Posts in the actor's scope."""
    return list_page(
        request,
        title="岗位",
        title_en="Posts",
        rows=visible(request.actor, Post).select_related("account", "organisation"),
        table=PostTable,
        filters=PostFilters,
        crumbs=[Crumb("岗位")],
        template="registry/posts.html",
    )


@require_http_methods(["GET", "POST"])
@door(Right.MANAGE_POSTS)
def give(request: ActorRequest) -> HttpResponse:
    """Give somebody a post, opening the account where it is new."""
    return deed_page(
        request,
        PostForm(request.POST or None, actor=request.actor),
        lambda data: _give(request, data),
        title="任命",
        title_en="Give a post",
        done="已任命。 Given.",
        then=lambda made: reverse("posts"),
        crumbs=[HOME, Crumb("任命")],
        cancel=reverse("posts"),
    )


@transaction.atomic
def _give(request: ActorRequest, data: dict[str, Any]) -> Post:
    account = Account.objects.filter(username=data["username"]).first()
    if account is None:
        if not data["display_name"]:
            raise ValidationError({"display_name": "新账号须填写姓名。 A new account needs a name."})
        account = open_account(
            actor=request.actor,
            username=data["username"],
            display_name=data["display_name"],
            password=data["password"] or None,
        )
    return give_post(
        actor=request.actor,
        account=account,
        organisation_id=data["organisation"].pk,
        role=data["role"],
        title=data["title"],
        since=data["since"],
        until=data["until"],
    )


def _get(request: ActorRequest, pk: UUID) -> Post:
    found = visible(request.actor, Post).filter(pk=pk).select_related("organisation").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@door(Right.MANAGE_POSTS)
def end(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End a post."""
    found = _get(request, pk)
    return deed_page(
        request,
        EndForm(request.POST or None, actor=request.actor),
        lambda data: end_post(actor=request.actor, post_id=pk, until=data["until"]),
        title=f"终止岗位：{found.title}",
        title_en="End a post",
        done="已终止。 Ended.",
        then=lambda made: reverse("posts"),
        crumbs=[HOME, Crumb("终止")],
        cancel=reverse("posts"),
        submit="终止 End",
    )


@require_http_methods(["GET", "POST"])
@door(Right.USE_WORKSPACE)
def delegate(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Let somebody act in one's own post for a time."""
    found = _get(request, pk)
    if found.account_id != request.actor.account_id:
        raise NotAllowed("只能委托本人持有的岗位。 Only a post of your own can be delegated.")
    return deed_page(
        request,
        DelegateForm(request.POST or None, actor=request.actor),
        lambda data: delegate_post(actor=request.actor, post_id=pk, **data),
        title=f"委托岗位：{found.title}",
        title_en="Delegate a post",
        done="已委托。 Delegated.",
        then=lambda made: reverse("home"),
        crumbs=[Crumb("委托")],
        cancel=reverse("home"),
        submit="委托 Delegate",
    )
