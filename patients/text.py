"""Text as people write it: cleaned on the way in, folded for comparison."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# C0/C1 controls, surrogates, bidirectional overrides and zero-width characters hide or break text
HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
SEPARATORS = re.compile(r"[^0-9a-z\u0080-\U0010ffff]+")
UNFOLDED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
)


def validate_visible(value):
    """Refuse characters that a reader cannot see (ValidationError)."""
    if found := HIDDEN.search(value or ""):
        raise ValidationError(
            f"Character {found.start() + 1} cannot be shown (U+{ord(found[0]):04X}); type it again."
        )


def fold(text):
    """Blind to case, accents, punctuation: "Vasquez-Holm, Ångström" → "vasquez holm angstrom"."""
    plain = unicodedata.normalize("NFKD", text or "").casefold().translate(UNFOLDED)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return SEPARATORS.sub(" ", plain).strip()


def suffixes(text, shortest=2):
    """Every tail of every word, so that a prefix look-up finds any part of a name."""
    return sorted(
        {word[at:] for word in fold(text).split() for at in range(max(1, len(word) - shortest + 1))}
    )
