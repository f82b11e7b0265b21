"""Invented names and the steps of the pathways, as rows for the stock."""

from clinical.doors import Door
from clinical.pathways import pathways
from patients.text import fold, suffixes

GIVEN = (
    "Ada Amara Ana Anselm Bilal Bjørn Carmen Chidi Dalia Deepa Elif Emeka Fatima Finn Grace Hana "
    "Hugo Ines Ingrid Ivan Jun Kofi Lars Leila Mateo Mei Mirela Nadia Nils Noor Omar Priya Rafael "
    "Ruth Samira Siôn Tariq Tove Yuki Zanele"
)
FAMILY = (
    "Ach Alm Bar Berg Bran Cal Cast Dah Del Eck Fal Fer Gar Grün Hal Hen Hol Iva Jan Kes Kor Lind "
    "Mal Mar Mend Nor Oko Pas Pet Quin Ras Riv Sand Sil Stor Tan Ul Vas Wes Zam"
)
ENDS = (
    "ado aka ander ano arez arsson as dottir each ek el eli enko er erman es eva fors gård "
    "iano ić ides iev ikawa ille ing ito lund man mann moto nes oğlu one oro ova quist ridge son "
    "stein"
)


def families():
    return [first + last for first in FAMILY.split() for last in ENDS.split()]


def names():
    """(kind, number, name, folded) of every given and family name."""
    for kind, words in (("given", GIVEN.split()), ("family", families())):
        for n, word in enumerate(words):
            yield kind, n, word, fold(word)


def tails():
    """(name, tail): what the search index holds for each name."""
    for name in {*GIVEN.split(), *families()}:
        for tail in suffixes(name):
            yield name, tail


def kinds():
    """(line, position, pathway, code, modality, label, captures, by_order) of each step.

    Line 0 is triage, which every case begins with; the others are what may follow it.
    """
    known = dict(pathways())
    lines = [known.pop("undifferentiated"), *(known[code] for code in sorted(known))]
    for line, pathway in enumerate(lines):
        start = 1 if line == 0 else 1 + len(lines[0].steps)
        for position, step in enumerate(pathway.steps, start):
            yield (
                *(line, position, pathway.code, step.code, step.modality, step.label),
                *(list(step.captures), Door.ORDERED in step.doors),
            )
