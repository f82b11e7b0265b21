"""From the unit of a report to the unit of the vocabulary (UCUM spelling).

Factors: molar masses (glucose 180.16, creatinine 113.12, calcium 40.08, phosphorus 30.97, magnesium
24.31, urate 168.1, cobalamin 1355.4, calcidiol 400.6, folate 441.4, lactate 90.08, copper 63.55,
thyroxine 776.9 g/mol), 1 µkat = 60 U, 1 kPa = 7.50062 mm[Hg]; HbA1c by the IFCC master equation
(NGSP % = 0.09148 × IFCC + 2.152; Hoelzel 2004, Clin Chem 50:166-174).
"""

from decimal import Decimal

SPELLINGS = {
    "iu/l": "U/L",
    "u/l": "U/L",
    "ukat/l": "ukat/L",
    "mmhg": "mm[Hg]",
    "mm hg": "mm[Hg]",
    "mm[hg]": "mm[Hg]",
    "torr": "mm[Hg]",
    "kpa": "kPa",
    "miu/l": "m[IU]/L",
    "mu/l": "m[IU]/L",
    "uiu/ml": "m[IU]/L",
    "u[iu]/ml": "m[IU]/L",
    "m[iu]/l": "m[IU]/L",
    "au/ml": "[arb'U]/mL",
    "cells/ul": "{cells}/uL",
    "/ul": "{cells}/uL",
    "10*6/l": "{cells}/uL",
    "10^6/l": "{cells}/uL",
    "ratio": "{ratio}",
    "index": "{index}",
    "meq/l": "meq/L",
    "mm/hr": "mm/h",
}
STORED_PLACES = 6
ENZYMES = ("ck", "aldolase", "ast", "alt", "ggt", "ldh", "ace")
GRAMS = ("igg", "igm", "iga", "csf_protein", "ceruloplasmin")
SAME = {  # the same size under another name
    "troponin_t": "pg/mL",
    "troponin_i": "pg/mL",
    "nt_probnp": "pg/mL",
    "myoglobin": "ng/mL",
    "nfl_plasma": "ng/L",
    "vegf": "ng/L",
    "gdf15": "ng/L",
    "b12": "ng/L",
    "vitamin_d": "ug/L",
    "vitamin_b6": "ng/mL",
    "folate": "ug/L",
    "potassium": "meq/L",
    "bicarbonate": "meq/L",
}
FACTORS = {
    ("glucose", "mmol/L"): "18.016",
    ("csf_glucose", "mmol/L"): "18.016",
    ("creatinine", "umol/L"): "0.011312",
    ("calcium", "mmol/L"): "4.008",
    ("phosphate", "mmol/L"): "3.097",
    ("magnesium", "mmol/L"): "2.431",
    ("urate", "umol/L"): "0.01681",
    ("b12", "pmol/L"): "1.3554",
    ("vitamin_d", "nmol/L"): "0.4006",
    ("folate", "nmol/L"): "0.4414",
    ("free_t4", "pmol/L"): "0.07769",
    ("copper", "umol/L"): "6.355",
    ("lactate", "mg/dL"): "0.11101",
    ("csf_lactate", "mg/dL"): "0.11101",
    ("mma", "nmol/L"): "0.001",
    ("crp", "mg/dL"): "10",
    ("troponin_t", "ng/mL"): "1000",
    ("troponin_i", "ng/mL"): "1000",
    ("troponin_t", "ug/L"): "1000",
    ("troponin_i", "ug/L"): "1000",
    ("pco2_arterial", "kPa"): "7.50062",
    ("csf_protein", "mg/L"): "0.1",
    ("ceruloplasmin", "mg/L"): "0.1",
    ("csf_kflc_abs", "mg/L"): "0.1",
    **{(code, "ukat/L"): "60" for code in ENZYMES},
    **{(code, "g/L"): "100" for code in GRAMS},
    **{(code, unit): "1" for code, unit in SAME.items()},
}


def spell(unit):
    """UCUM spelling of a unit as people write it: "µkat/l" → "ukat/L"."""
    plain = (unit or "").strip().replace("µ", "u").replace("μ", "u")
    return SPELLINGS.get(plain.lower(), _capital_litre(plain))


def _capital_litre(unit):
    for small, ucum in (("/l", "/L"), ("/dl", "/dL"), ("/ml", "/mL"), ("/ul", "/uL")):
        if unit.lower().endswith(small):
            return unit[: -len(small)] + ucum
    return unit


def alternatives(analyte):
    """Units besides its own that a value of this analyte may come in."""
    other = [unit for code, unit in FACTORS if code == analyte.code]
    return [*other, "mmol/mol"] if analyte.code == "hba1c" else other


def convert(analyte, value, unit):
    """`value` in the vocabulary's unit (Decimal); None when the unit cannot be converted."""
    if value is None:
        return None
    value, unit = Decimal(str(value)), spell(unit)
    if unit == analyte.unit or not unit:
        return value
    if analyte.code == "hba1c" and unit == "mmol/mol":
        return value * Decimal("0.09148") + Decimal("2.152")
    factor = FACTORS.get((analyte.code, unit))
    return None if factor is None else value * Decimal(factor)


def restate(analyte, number, unit):
    """A number of the vocabulary's unit in `unit`: the way back of convert()."""
    one, nought = convert(analyte, 1, unit), convert(analyte, 0, unit)
    if number is None or one is None:
        return None
    return round((Decimal(str(number)) - nought) / (one - nought), STORED_PLACES)
