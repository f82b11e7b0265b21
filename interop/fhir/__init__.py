"""FHIR R4, read only: outstanding work as Task (docs/fhir.md)."""
