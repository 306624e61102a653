from jineng.partnerships.models import Agreement


def test_x(world):
    assert Agreement.objects.count() == 0
