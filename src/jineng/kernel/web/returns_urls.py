"""Pages of the returns."""

urlpatterns: list[object] = []
