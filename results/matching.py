"""Does a text speak of what was asked for? By the beginning of words, or by another name."""

import re
from dataclasses import dataclass
from functools import lru_cache

from clinical.vocabulary import Item, humanise, vocabulary
from patients.text import fold

SHORTEST = 2  # letters
BEGINNING = 5  # letters from which the beginning of a name stands for it
FEW = 3  # things that a word may mean
WORD = re.compile(r"[^\W_]+")
LONG, BEFORE, AFTER = 240, 80, 160  # characters of a text that is shown in part


@dataclass(frozen=True)
class Query:
    """`words` are looked for at the beginning of words, `phrases` (other names) as they are."""

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()

    @property
    def is_too_short(self):
        return len("".join(self.words)) < SHORTEST

    def fits(self, text, context=""):
        """Are all words in the text or its context, one in the text itself; or another name?"""
        text, context = _padded(text), _padded(context)
        some = any(f" {word}" in text for word in self.words)
        if some and all(f" {word}" in text + context for word in self.words):
            return True
        return any(f" {phrase} " in text for phrase in self.phrases)

    def parts(self, text):
        """[(piece of the text, is it what was asked for)], for a page to mark."""
        folded = _padded(text)
        others = {w for phrase in self.phrases if f" {phrase} " in folded for w in phrase.split()}
        found, end = [], 0
        for word in WORD.finditer(text):
            if self._is_meant(fold(word[0]), others):
                found += [(text[end : word.start()], False), (word[0], True)]
                end = word.end()
        return [part for part in [*found, (text[end:], False)] if part[0]]

    def _is_meant(self, word, others):
        return word.startswith(self.words) or word in others

    def excerpt(self, text):
        """The parts around the first word that was asked for, where the text is long."""
        if len(text) <= LONG:
            return self.parts(text)
        before = next((piece for piece, meant in self.parts(text) if not meant), "")
        at = len(before) if text.startswith(before) else 0
        start, end = max(0, at - BEFORE), at + AFTER
        start = text.find(" ", start) + 1 if start else 0
        end = text.rfind(" ", start, end) if end < len(text) else len(text)
        shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
        return self.parts(shown)


def query(text):
    """What somebody typed, with the other names that the vocabulary knows for it."""
    words = fold(text)
    return Query(tuple(words.split()), _other_names(words))


def _padded(text):
    return f" {fold(text)} "


def _other_names(words):
    """What else a thing is called: "ck" is creatine kinase. A word of many things names none."""
    things = [names for names, hpo in _things() if words and words in {hpo, *names}]
    if not things and len(words) >= BEGINNING:
        begun = (names for names, _ in _things() if any(n.startswith(words) for n in names))
        things = list(begun)
    meant = frozenset().union(*things) if len(things) <= FEW else ()
    return tuple(sorted(name for name in meant if f" {name} " not in f" {words} "))


@lru_cache(maxsize=1)
def _things():
    """(names, HPO term) of each thing of the vocabulary that has more than one, folded."""
    tables = [each for each in vars(vocabulary()).values() if isinstance(each, dict)]
    things = [thing for table in tables for thing in table.values() if isinstance(thing, Item)]
    found = [(_names(thing), fold(getattr(thing, "hpo", ""))) for thing in things]
    return [(names, hpo) for names, hpo in found if hpo or len(names) > 1]


def _names(thing):
    single = [getattr(thing, name, "") for name in ("label", "short", "seed")]
    names = [*single, humanise(thing.code), *getattr(thing, "synonyms", ())]
    return frozenset(filter(None, map(fold, names)))
