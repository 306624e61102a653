"""Where signing keys are made: in the database, or on the PKCS#11 token that the environment names."""

from __future__ import annotations

from collections.abc import Mapping

from jineng.kernel.tokens import TokenPlace
from jineng.site.preflight import EnvironmentFailure

NAMES = ("MODULE", "TOKEN", "PIN")


def hardware(environment: Mapping[str, str]) -> TokenPlace | None:
    """The token of ``JINENG_HSM_MODULE`` (path of its library), ``_TOKEN`` (label) and ``_PIN``, or None without.

    Raises `EnvironmentFailure` where some of the three are missing.
    """
    told = {name: environment.get(f"JINENG_HSM_{name}", "") for name in NAMES}
    missing = [f"JINENG_HSM_{name}" for name, value in told.items() if not value]
    if len(missing) == len(NAMES):
        return None
    if missing:
        listed = "、".join(missing)
        raise EnvironmentFailure(
            f"使用签名设备（HSM）还须设置 {listed}。", f"A signing token needs {', '.join(missing)} as well."
        )
    return TokenPlace(told["MODULE"], told["TOKEN"], told["PIN"])
