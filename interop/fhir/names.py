"""Addresses that stand for our own codes, numbers and extensions."""

from django.conf import settings

SITE = settings.BASE_URL.rstrip("/")
BASE = f"{SITE}/fhir"
STEP_CODES = f"{BASE}/CodeSystem/step"
STAGES = f"{BASE}/CodeSystem/stage"
POOLS = f"{BASE}/CodeSystem/pool"
MODALITIES = f"{BASE}/CodeSystem/modality"
STEP_KEYS = f"{BASE}/NamingSystem/step"
CASE_KEYS = f"{BASE}/NamingSystem/case"
OVERDUE = f"{BASE}/StructureDefinition/overdue"
MODALITY = f"{BASE}/StructureDefinition/modality"
TASK_STATUS = "http://hl7.org/fhir/task-status"
LOINC = "http://loinc.org"
