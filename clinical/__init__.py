"""The clinical core: vocabulary, pathways, rules and the engine. Plain Python: no clock, no I/O."""
