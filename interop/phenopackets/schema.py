"""The messages of Phenopackets v2 that we read, as data.

A field is `text`, `flag`, `whole`, `number`, `when` (a timestamp), `anything` (kept as it is), an
enumeration (tuple of names in the order of their numbers) or the name of a message; in a list it
is repeated. A `oneof` may have one of its fields. Source: phenopacket-schema 2.0.2, VRSATILE.
"""

SEX = ("UNKNOWN_SEX", "FEMALE", "MALE", "OTHER_SEX")
VITAL = ("UNKNOWN_STATUS", "ALIVE", "DECEASED")
PROGRESS = ("UNKNOWN_PROGRESS", "IN_PROGRESS", "COMPLETED", "SOLVED", "UNSOLVED")
STATUS = ("UNKNOWN_STATUS", "REJECTED", "CANDIDATE", "CONTRIBUTORY", "CAUSATIVE")
ACMG = (
    "NOT_PROVIDED",
    "BENIGN",
    "LIKELY_BENIGN",
    "UNCERTAIN_SIGNIFICANCE",
    "LIKELY_PATHOGENIC",
    "PATHOGENIC",
)
ACTIONABLE = ("UNKNOWN_ACTIONABILITY", "NOT_ACTIONABLE", "ACTIONABLE")
MOLECULE = ("unspecified_molecule_context", "genomic", "transcript", "protein")
AFFECTED = ("MISSING", "UNAFFECTED", "AFFECTED")
KARYOTYPE = (
    "UNKNOWN_KARYOTYPE",
    "XX",
    "XY",
    "XO",
    "XXY",
    "XXX",
    "XXYY",
    "XXXY",
    "XXXX",
    "XYY",
    "OTHER_KARYOTYPE",
)

MESSAGES = {
    "Phenopacket": {
        "id": "text",
        "subject": "Individual",
        "phenotypicFeatures": ["PhenotypicFeature"],
        "measurements": ["Measurement"],
        "biosamples": ["Biosample"],
        "interpretations": ["Interpretation"],
        "diseases": ["Disease"],
        "medicalActions": ["MedicalAction"],
        "files": ["anything"],
        "metaData": "MetaData",
    },
    "Family": {
        "id": "text",
        "proband": "Phenopacket",
        "relatives": ["Phenopacket"],
        "consanguinousParents": "flag",
        "pedigree": "Pedigree",
        "files": ["anything"],
        "metaData": "MetaData",
    },
    "Pedigree": {"persons": ["Person"]},
    "Person": {
        "familyId": "text",
        "individualId": "text",
        "paternalId": "text",
        "maternalId": "text",
        "sex": SEX,
        "affectedStatus": AFFECTED,
    },
    "Individual": {
        "id": "text",
        "alternateIds": ["text"],
        "dateOfBirth": "when",
        "timeAtLastEncounter": "TimeElement",
        "vitalStatus": "VitalStatus",
        "sex": SEX,
        "karyotypicSex": KARYOTYPE,
        "gender": "OntologyClass",
        "taxonomy": "OntologyClass",
    },
    "VitalStatus": {
        "status": VITAL,
        "timeOfDeath": "TimeElement",
        "causeOfDeath": "OntologyClass",
        "survivalTimeInDays": "whole",
    },
    "OntologyClass": {"id": "text", "label": "text"},
    "TimeElement": {
        "gestationalAge": "GestationalAge",
        "age": "Age",
        "ageRange": "AgeRange",
        "ontologyClass": "OntologyClass",
        "timestamp": "when",
        "interval": "TimeInterval",
    },
    "GestationalAge": {"weeks": "whole", "days": "whole"},
    "Age": {"iso8601duration": "text"},
    "AgeRange": {"start": "Age", "end": "Age"},
    "TimeInterval": {"start": "when", "end": "when"},
    "PhenotypicFeature": {
        "description": "text",
        "type": "OntologyClass",
        "excluded": "flag",
        "severity": "OntologyClass",
        "modifiers": ["OntologyClass"],
        "onset": "TimeElement",
        "resolution": "TimeElement",
        "evidence": ["anything"],
    },
    "Disease": {
        "term": "OntologyClass",
        "excluded": "flag",
        "onset": "TimeElement",
        "resolution": "TimeElement",
        "diseaseStage": ["OntologyClass"],
        "clinicalTnmFinding": ["OntologyClass"],
        "primarySite": "OntologyClass",
        "laterality": "OntologyClass",
    },
    "Interpretation": {
        "id": "text",
        "progressStatus": PROGRESS,
        "diagnosis": "Diagnosis",
        "summary": "text",
    },
    "Diagnosis": {
        "disease": "OntologyClass",
        "genomicInterpretations": ["GenomicInterpretation"],
    },
    "GenomicInterpretation": {
        "subjectOrBiosampleId": "text",
        "interpretationStatus": STATUS,
        "gene": "GeneDescriptor",
        "variantInterpretation": "VariantInterpretation",
    },
    "GeneDescriptor": {
        "valueId": "text",
        "symbol": "text",
        "description": "text",
        "alternateIds": ["text"],
        "alternateSymbols": ["text"],
        "xrefs": ["text"],
    },
    "VariantInterpretation": {
        "acmgPathogenicityClassification": ACMG,
        "therapeuticActionability": ACTIONABLE,
        "variationDescriptor": "VariationDescriptor",
        "variantDescriptor": "VariationDescriptor",  # the name in drafts of version 2
    },
    "VariationDescriptor": {
        "id": "text",
        "variation": "anything",
        "label": "text",
        "description": "text",
        "geneContext": "GeneDescriptor",
        "expressions": ["Expression"],
        "vcfRecord": "VcfRecord",
        "xrefs": ["text"],
        "alternateLabels": ["text"],
        "extensions": ["anything"],
        "moleculeContext": MOLECULE,
        "structuralType": "OntologyClass",
        "vrsRefAlleleSeq": "text",
        "allelicState": "OntologyClass",
    },
    "Expression": {"syntax": "text", "value": "text", "version": "text"},
    "VcfRecord": {
        "genomeAssembly": "text",
        "chrom": "text",
        "pos": "whole",
        "id": "text",
        "ref": "text",
        "alt": "text",
        "qual": "anything",
        "filter": "text",
        "info": "text",
    },
    "Measurement": {
        "description": "text",
        "assay": "OntologyClass",
        "value": "Value",
        "complexValue": "anything",
        "timeObserved": "TimeElement",
        "procedure": "anything",
    },
    "Value": {"quantity": "Quantity", "ontologyClass": "OntologyClass"},
    "Quantity": {
        "unit": "OntologyClass",
        "value": "number",
        "referenceRange": "ReferenceRange",
    },
    "ReferenceRange": {"unit": "OntologyClass", "low": "number", "high": "number"},
    "MedicalAction": {
        "procedure": "anything",
        "treatment": "anything",
        "radiationTherapy": "anything",
        "therapeuticRegimen": "anything",
        "treatmentTarget": "OntologyClass",
        "treatmentIntent": "OntologyClass",
        "responseToTreatment": "OntologyClass",
        "adverseEvents": ["OntologyClass"],
        "treatmentTerminationReason": "OntologyClass",
    },
    # derived from samples, not yet modelled: only its key is looked at
    "Biosample": {"id": "text", "individualId": "text"},
    "MetaData": {
        "created": "when",
        "createdBy": "text",
        "submittedBy": "text",
        "resources": ["anything"],
        "updates": ["anything"],
        "phenopacketSchemaVersion": "anything",
        "externalReferences": ["ExternalReference"],
    },
    "ExternalReference": {"id": "text", "reference": "text", "description": "text"},
}
ONEOF = {
    "TimeElement": tuple(MESSAGES["TimeElement"]),
    "GenomicInterpretation": ("gene", "variantInterpretation"),
    "Value": ("quantity", "ontologyClass"),
    "Measurement": ("value", "complexValue"),
}
OPEN = {"Biosample"}  # messages whose other fields are kept without a word
