"""Limits of numbers, stated once: as a sentence for people and as a constraint for the database."""

from decimal import Decimal

from django.db.models import CheckConstraint, Q


def plain(value):
    """4200 → "4 200", -4.50 → "−4.5": as the pages print numbers."""
    whole = Decimal(str(value))
    shown = f"{whole.normalize():,f}" if whole else "0"
    return shown.replace(",", "\u2009").replace("-", "−")


def sentence(value, low, high):
    """Why `value` is refused, in the user's words; "" if it lies within the limits."""
    if value is None:
        return ""
    number = Decimal(str(value))
    if low is not None and number < Decimal(str(low)):
        hint = f" Did you mean {plain(-number)}?" if low == 0 and _fits(-number, high) else ""
        return f"{plain(value)} is below {plain(low)}.{hint}"
    if high is not None and number > Decimal(str(high)):
        return f"{plain(value)} is above {plain(high)}. Look at the decimal point and the unit."
    return ""


def _fits(value, high):
    return high is None or value <= Decimal(str(high))


def outside(instance, limits):
    """{field: [sentence]} of the instance's numbers beyond their limits."""
    found = {}
    for name, (low, high) in limits.items():
        wrong = sentence(getattr(instance, name), low, high)
        if wrong:
            found[name] = [wrong]
    return found


def constraints(prefix, limits):
    """The same limits in the database."""
    return [
        CheckConstraint(
            name=f"results_{prefix}_{name}_limits",
            condition=Q(**{name: None}) | (Q(**{f"{name}__gte": low, f"{name}__lte": high})),
            violation_error_message=f"{name.replace('_', ' ')}: {plain(low)} to {plain(high)}.",
        )
        for name, (low, high) in limits.items()
    ]
