"""From a disease to the pathway on which its case starts."""

import re

import pytest

from clinical.pathways import pathways
from interop.phenopackets.placing import WORDS, disorder_of, pathway_of

BY_IDENTIFIER = [
    ("OMIM:181350", "muscular_dystrophy"),
    ("OMIM:105400", "als"),
    ("MONDO:0018940", "nmj"),
    ("ORPHA:365", "myopathy"),
    ("Orphanet:365", "myopathy"),
    ("ORPHA:98916", "gbs"),
    (" OMIM:181350 ", "muscular_dystrophy"),
    ("OMIM:000000", ""),
    ("", ""),
]
BY_LABEL = [
    ("Amyotrophic lateral sclerosis 21", "als"),
    ("Spinal and bulbar muscular atrophy, X-linked 1", "als"),
    ("Spinal muscular atrophy with progressive myoclonic epilepsy", "sma"),
    ("Muscular dystrophy, limb-girdle, autosomal recessive 28", "muscular_dystrophy"),
    ("Bethlem myopathy 1A", "muscular_dystrophy"),
    ("Centronuclear myopathy 1", "myopathy"),
    ("Myopathy, myofibrillar, 13, with rimmed vacuoles", "myopathy"),
    ("Inclusion body myositis", "myositis"),
    ("Inclusion body myopathy with early-onset Paget disease", "myopathy"),
    ("Myasthenic syndrome, congenital, 22", "nmj"),
    ("Charcot-Marie-Tooth disease, axonal, type 2LL", "neuropathy"),
    ("Neuronopathy, distal hereditary motor, autosomal recessive 9", "neuropathy"),
    ("Mitochondrial DNA depletion syndrome 6 (hepatocerebral type)", "myopathy"),
    ("Multiple sclerosis, susceptibility to, 5", "ms"),
    ("Guillain-Barre syndrome, familial", "gbs"),
    ("Cardiomyopathy, familial hypertrophic, 31", ""),
    ("Metabolic encephalomyopathic crises", ""),
    ("Mitochondrial spastic paraplegia", ""),
    ("Leber hereditary optic neuropathy", ""),
]


@pytest.mark.parametrize(("identifier", "pathway"), BY_IDENTIFIER)
def test_the_identifier_decides_first(identifier, pathway):
    assert pathway_of(identifier) == pathway


@pytest.mark.parametrize(("label", "pathway"), BY_LABEL)
def test_words_of_the_label_decide_next(label, pathway):
    assert pathway_of("OMIM:0", label) == pathway


def test_the_gene_decides_last():
    assert pathway_of("OMIM:151660", "Lipodystrophy, familial partial, type 2", ["LMNA"]) == (
        "muscular_dystrophy"
    )
    assert pathway_of("OMIM:1", "Charcot-Marie-Tooth disease, type 2M", ["DNM2"]) == "neuropathy"
    assert pathway_of("OMIM:1", "A new disease", ["LMNA", "SOD1"]) == ""
    assert pathway_of("OMIM:1", "A new disease", ["NOT-A-GENE"]) == ""


def test_every_word_leads_to_a_pathway_that_exists():
    for pattern, pathway in WORDS:
        re.compile(pattern)
        assert pathway in pathways()


def test_a_disorder_of_the_vocabulary_is_found_by_its_identifiers():
    assert disorder_of("OMIM:181350").code == "edmd2"
    assert disorder_of("MONDO:0021569").code == "edmd2"
    assert disorder_of("DOID:1") is None
