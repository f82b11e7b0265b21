"""From JSON to one spelling: keys in camelCase, values of the type the schema names.

Protobuf's JSON form allows both spellings of keys, numbers as strings, enumerations as numbers and
null for "not given"; all of these mean the same and come out the same.
"""

import hashlib
import json
import re
from datetime import datetime

from interop.phenopackets.schema import MESSAGES, ONEOF, OPEN
from interop.refused import Refused
from interop.strictjson import shown

SNAKE = re.compile(r"_([a-z0-9])")
WHEN = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))?", re.ASCII
)
WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
UNKNOWN_FIELDS_SHOWN = 5


def canonical(message):
    """sha256 (hex) of the meaning of a message."""
    text = json.dumps(_spelt(message), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _spelt(value):
    """Keys in one spelling also where the schema takes anything."""
    if isinstance(value, dict):
        return {camel(key): _spelt(item) for key, item in value.items()}
    return [_spelt(item) for item in value] if isinstance(value, list) else value


def camel(key):
    """phenotypic_features → phenotypicFeatures; iso8601duration stays."""
    return SNAKE.sub(lambda found: found[1].upper(), key)


class Reader:
    """Reads one document; `unknown` collects the paths of fields that the schema does not know."""

    def __init__(self):
        self.unknown = []

    def message(self, name, value, path):
        if not isinstance(value, dict):
            raise Refused(f"{path}: {_kind(value)} stands where an object is expected.")
        known, found = MESSAGES[name], {}
        for key, raw in value.items():
            field = key if key in known else camel(key)
            if field in found:
                raise Refused(f"{path}: “{shown(field)}” stands there in both spellings.")
            if raw is None:
                continue
            if field in known:
                found[field] = self._value(known[field], raw, f"{path}.{field}")
            else:
                found[field] = raw
                if name not in OPEN:
                    self.unknown.append(f"{path}.{shown(key)}")
        given = [field for field in ONEOF.get(name, ()) if field in found]
        if len(given) > 1:
            raise Refused(f"{path}: only one of {' and '.join(given)} may be given.")
        return found

    def _value(self, kind, raw, path):
        if isinstance(kind, list):
            if not isinstance(raw, list):
                raise Refused(f"{path}: {_kind(raw)} stands where a list is expected.")
            return [
                self._value(kind[0], item, f"{path}[{number}]")
                for number, item in enumerate(raw, start=1)
            ]
        if isinstance(kind, tuple):
            return _word(kind, raw, path)
        return READERS[kind](raw, path) if kind in READERS else self.message(kind, raw, path)


def _kind(value):
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return names.get(type(value), "nothing" if value is None else "a number")


def _text(raw, path):
    if not isinstance(raw, str):
        raise Refused(f"{path}: {_kind(raw)} stands where a text is expected.")
    return raw


def _flag(raw, path):
    if not isinstance(raw, bool):
        raise Refused(f"{path}: {_kind(raw)} stands where true or false is expected.")
    return raw


def _whole(raw, path):
    """A JSON number, or a string as protobuf writes 64-bit integers."""
    if isinstance(raw, str) and WHOLE.fullmatch(raw):
        return int(raw)
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise Refused(f"{path}: “{shown(raw)}” is not a whole number.")
    return raw


def _number(raw, path):
    if isinstance(raw, str) and NUMBER.fullmatch(raw):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or abs(raw) > 1e30:
        raise Refused(f"{path}: “{shown(raw)}” is not a number.")
    return float(raw)


def _when(raw, path):
    """A timestamp (RFC 3339) or a day; kept as it is written."""
    found = WHEN.fullmatch(raw) if isinstance(raw, str) else None
    try:
        datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00:00'}")
    except (TypeError, ValueError):
        raise Refused(f"{path}: “{shown(raw)}” is not a date and time.") from None
    return raw


def _word(names, raw, path):
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < len(names):
        return names[raw]
    if raw not in names:
        raise Refused(f"{path}: “{shown(raw)}” is not one of {', '.join(names)}.")
    return raw


READERS = {
    "text": _text,
    "flag": _flag,
    "whole": _whole,
    "number": _number,
    "when": _when,
    "anything": lambda raw, path: raw,
}
