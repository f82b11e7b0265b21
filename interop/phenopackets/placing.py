"""Which pathway a case starts on, by the disease that its source names.

Asked in this order; the first that answers decides:
1. the identifier (OMIM, MONDO, ORPHA) is that of a disorder of our vocabulary;
2. words of the label. A gene is asked later, because one gene may cause several illnesses: DNM2
   causes a myopathy and a neuropathy, and the label says which;
3. the gene is named by disorders of one group of our vocabulary only;
4. nobody knows: triage.
"""

import re
from functools import cache

from clinical.pathways import pathways
from clinical.vocabulary import vocabulary

TRIAGE = "undifferentiated"
ACUTE = {"gbs", "gbs_aidp", "gbs_aman", "gbs_amsan", "miller_fisher"}  # have their own pathway

# Checked from top to bottom, so the special words stand before the general ones: spinal and bulbar
# muscular atrophy is followed with ALS (androgen receptor), a myasthenic myopathy with the
# junction. \b keeps cardiomyopathy and encephalomyopathy out.
WORDS = (
    (r"amyotrophic lateral sclerosis|motor neuron disease|spinal and bulbar muscular", "als"),
    (r"multiple sclerosis|neuromyelitis optica", "ms"),
    (r"guillain|miller fisher", "gbs"),
    (r"myasthen", "nmj"),
    (r"spinal muscular atrophy", "sma"),
    (r"muscular dystroph|myotonic dystroph|\bbethlem\b|\bullrich\b", "muscular_dystrophy"),
    (r"\bmyositis\b|dermatomyositis|polymyositis", "myositis"),
    (
        r"charcot|(?<!optic )\bneuropath|polyneuropath"
        r"|distal hereditary motor|neuronopathy, distal",
        "neuropathy",
    ),
    (
        r"\bmyopath|myotonia|periodic paralysis|rhabdomyolysis|pompe"
        r"|glycogen storage disease.*muscle|external ophthalmoplegia"
        r"|mitochondrial (dna depletion|complex|dysfunctions)|oxidative phosphorylation",
        "myopathy",
    ),
)


@cache
def _by_identifier():
    found = {}
    for disorder in vocabulary().disorders.values():
        for prefix, number in (("OMIM", disorder.omim), ("ORPHA", disorder.orpha)):
            if number:
                found.setdefault(f"{prefix}:{number}", disorder)
        if disorder.mondo:
            found.setdefault(disorder.mondo, disorder)
    return found


@cache
def _group_by_gene():
    groups = {}
    for disorder in vocabulary().disorders.values():
        for gene in disorder.genes:
            groups.setdefault(gene, set()).add(disorder.group)
    return {gene: found.pop() for gene, found in groups.items() if len(found) == 1}


def disorder_of(identifier):
    """The disorder of our vocabulary with this identifier ("OMIM:181350"), or None."""
    prefix, _, number = identifier.strip().partition(":")
    prefix = {"ORPHANET": "ORPHA", "MIM": "OMIM"}.get(prefix.upper(), prefix.upper())
    return _by_identifier().get(f"{prefix}:{number}")


def pathway_of(identifier="", label="", genes=()):
    """Code of the matching pathway, or "" when the disease tells none."""
    disorder = disorder_of(identifier)
    if disorder:
        return "gbs" if disorder.code in ACUTE else _known(disorder.group)
    for pattern, code in WORDS:
        if re.search(pattern, label, re.IGNORECASE):
            return code
    groups = {_group_by_gene()[gene] for gene in genes if gene in _group_by_gene()}
    return _known(groups.pop()) if len(groups) == 1 else ""


def _known(group):
    return group if group in pathways() and group != TRIAGE else ""
