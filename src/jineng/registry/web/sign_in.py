"""Sign-in: accounts are made by administrators, never by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from jineng.kernel.models import Account
from jineng.kernel.web.shell import DemoAccount
from jineng.registry.acting import seats


class ClosedSignUp(DefaultAccountAdapter):
    """Allauth with sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False


def demo_accounts() -> list[DemoAccount]:
    """Demonstration accounts that hold a post today, in the order in which they were opened."""
    accounts = Account.objects.filter(is_demo=True, is_active=True).order_by("pk")
    found = [(account, seats(account)) for account in accounts]
    return [
        DemoAccount(account.username, tuple(f"{seat.organisation_name} · {seat.title}" for seat in held))
        for account, held in found
        if held
    ]
