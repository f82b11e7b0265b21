"""JSON as the standard has it: one meaning, finite numbers, bounded size and depth.

Python's reader also takes NaN, duplicate keys and lone surrogates, which PostgreSQL or the next
reader would not.
"""

import json
import re
from math import isfinite

from interop.refused import Refused

MAX_BYTES = 5_000_000
MAX_DEPTH = 64
MAX_DIGITS = 40
TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def read(data):
    """(value, text) of UTF-8 bytes. Raises Refused with a sentence."""
    if len(data) > MAX_BYTES:
        raise Refused(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"The file is not UTF-8 text (byte {error.start + 1}).") from None
    if not text.strip():
        raise Refused("The file is empty.")
    _check_depth(text)
    return _parse(text), text


def _parse(text):
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        raise Refused(
            f"Not valid JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})."
        ) from None


def _check_depth(text):
    depth = 0
    for token in TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused(f"The file is nested deeper than {MAX_DEPTH} levels.")
        elif mark in "]}":
            depth -= 1


def _object(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"The key “{shown(key)}” stands twice in one object.")
        found[key] = value
        for text in (key, value):
            _check_text(text)
    return found


def _check_text(value):
    if isinstance(value, str) and UNWRITABLE.search(value):
        raise Refused("A text holds a character that cannot be stored (NUL or half a pair).")
    if isinstance(value, list):
        for item in value:
            _check_text(item)


def _no_constant(name):
    raise Refused(f"“{name}” is not a number that JSON knows.")


def _float(text):
    number = float(text)
    if not isfinite(number):
        raise Refused(f"The number {shown(text)} is too large.")
    return number


def _int(text):
    if len(text) > MAX_DIGITS:
        raise Refused(f"A number has more than {MAX_DIGITS} digits.")
    return int(text)


def shown(text):
    """A value for a sentence: short, on one line, without what nobody can see."""
    text = re.sub(r"[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufeff]", "?", str(text))
    return text if len(text) <= 60 else text[:59] + "…"
