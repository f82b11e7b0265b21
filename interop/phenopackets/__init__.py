"""GA4GH Phenopackets v2 (https://phenopacket-schema.readthedocs.io): cases from elsewhere."""
