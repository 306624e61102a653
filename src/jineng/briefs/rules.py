"""Pure rules of an issue: how far it is, what stands between it and the next step."""

from __future__ import annotations

from dataclasses import dataclass

from jineng.briefs.kinds import State


@dataclass(frozen=True)
class Standing:
    """What decides how far an issue is: the edition now, the editions checked and signed, whether it is released."""

    edition: int
    checked_edition: int
    signed_edition: int
    released: bool

    @property
    def state(self) -> State:
        """A check holds for the edition that was checked, a signature for the one that was signed."""
        if self.released:
            return State.RELEASED
        if self.edition != self.checked_edition:
            return State.DRAFT
        return State.SIGNED if self.edition == self.signed_edition else State.CHECKED


@dataclass(frozen=True)
class Hindrance:
    """Why a step cannot be taken, in Chinese and English."""

    message: str
    message_en: str

    def __str__(self) -> str:
        return f"{self.message} {self.message_en}"


def hindrance_to_signing(
    standing: Standing, checker: int | None, signer: int, checked: str, now: str
) -> Hindrance | None:
    """What keeps ``signer`` from signing: nothing was checked, they did it themselves, or the content moved since."""
    if standing.state is not State.CHECKED:
        return Hindrance("请先核对：文字在上次核对后改过，或尚未核对。", "Check it first: it was reworded since.")
    if checker == signer:
        return Hindrance("核对人与签发人不能是同一人。", "Whoever checked it cannot sign it.")
    return _moved(checked, now)


def hindrance_to_release(standing: Standing, signed: str, now: str) -> Hindrance | None:
    """What keeps an issue from being released: it was not signed as it reads now."""
    if standing.state is not State.SIGNED:
        return Hindrance("请先核对并签发。", "Have it checked and signed first.")
    return _moved(signed, now)


def _moved(then: str, now: str) -> Hindrance | None:
    if then == now:
        return None
    return Hindrance("登记在核对之后有变动，数字与核对时不同，请重新核对。", "Figures have moved since: check anew.")
