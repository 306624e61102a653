"""``among`` finds what ``in`` finds, in words that an index can answer."""

from __future__ import annotations

import pytest
from django.db.models import Q

from jineng.kernel.actors import acting
from jineng.registry.models import Organisation, Reach
from jineng.registry.scope import reach


@pytest.mark.parametrize("path", ["id", "authority", "authority__authority", "authority_id"])
def test_it_finds_what_in_finds(world, path):
    officer = world.actor("city_officer")
    found = Organisation.objects.filter(**{f"{path}__among": reach(officer)}).order_by("code")
    assert "= ANY(ARRAY(SELECT" in str(found.query)
    with acting(officer):
        assert list(found) == list(Organisation.objects.filter(**{f"{path}__in": reach(officer)}).order_by("code"))
        assert len(found) > 0


def test_several_are_joined_by_or(world):
    officer = world.actor("city_officer")
    nobody = Reach.objects.none().values("organisation")
    either = Q(id__among=reach(officer)) | Q(authority__among=nobody)
    with acting(officer):
        found = set(Organisation.objects.filter(either))
        assert found == set(Organisation.objects.filter(id__in=reach(officer))) != set()
