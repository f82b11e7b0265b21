"""Blood, urine or CSF of one sample."""

from django.db import models

from patients.models import tracked
from results.base import Result, row_of, shorten, text, word, yes_no
from results.laboratory import (
    LabRow,
    lab_captures,
    lab_facts,
    lab_flag,
    worst_first,
)

OCB_POSITIVE = 2  # CSF-restricted bands; McDonald 2017 and 2024


@tracked
class LabResult(Result):
    """Values are rows; what only several samples can tell is said by a clinician."""

    ROWS = ("values",)

    specimen = word("sample", 20)
    accession = text("laboratory number", 60)
    fasting = yes_no("fasting")
    ck_raised_persistent = yes_no(
        "CK above 1.5 × the limit twice, 2 weeks apart, after a week without exercise"
    )
    report_text = models.TextField("report", blank=True)

    class Meta(Result.Meta):
        verbose_name = "laboratory report"

    def facts(self):
        lines = self.rows("values")
        found = lab_facts(lines)
        if self.ck_raised_persistent is not None:
            found["ck.raised_persistent"] = self.ck_raised_persistent
        positive = csf_positive_for_ms(lines)
        if positive is not None:
            found["csf.positive_ms"] = positive
        return found

    def captures(self):
        return (*lab_captures(self.rows("values")), *(self.also_done or ()))

    def summary(self):
        return shorten(
            [line.in_words() for line in worst_first(self.rows("values"))],
            otherwise="Laboratory report",
        )

    def flag(self):
        return lab_flag(self.rows("values"))


@tracked
class LabValue(LabRow):
    result = row_of(LabResult, "values")

    class Meta(LabRow.Meta):
        verbose_name = "laboratory value"


def csf_positive_for_ms(lines):
    """≥ 2 CSF-restricted bands or a raised kappa index; None while neither settles it."""
    values = {line.analyte: line for line in lines}
    bands, index = values.get("csf_ocb"), values.get("csf_kflc_index")
    answers = [
        None if bands is None or bands.value_num is None else bands.value_num >= OCB_POSITIVE,
        None if index is None or not index.flag else index.flag in ("high", "critical_high"),
    ]
    if True in answers:
        return True
    return None if None in answers else False
