"""The items of a functional scale, as far as the YAML gives their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clinical.vocabulary.kinds import ScaleItem
from clinical.vocabulary.labels import humanise


def scale_items(row: Mapping[str, Any]) -> Iterator[ScaleItem]:
    """Spelled out with their anchors, as parts with a range each, or n of one range.

    None where items have different ranges that the YAML does not give: then a total is typed.
    """
    items = row.get("items")
    if isinstance(items, list):
        yield from (_spelled(item) for item in items)
    elif "parts" in row:
        yield from (_ranged(code, humanise(code), span) for code, span in row["parts"].items())
    elif isinstance(items, int) and "item_range" in row:
        for number in range(1, items + 1):
            yield _ranged(str(number), f"Item {number}", row["item_range"])


def _spelled(item: Mapping[str, Any]) -> ScaleItem:
    anchors = {int(points): str(text) for points, text in item["anchors"].items()}
    return ScaleItem(
        code=item["code"],
        label=item["label"],
        minimum=min(anchors),
        maximum=max(anchors),
        anchors=anchors,
        rule=item.get("variant_rule", ""),
    )


def _ranged(code: str, label: str, span: str) -> ScaleItem:
    low, _, high = span.partition("-")
    return ScaleItem(code=code, label=label, minimum=int(low), maximum=int(high))
