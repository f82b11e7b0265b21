"""A generated cohort: invented people whose paths are walked through the services, act by act."""
