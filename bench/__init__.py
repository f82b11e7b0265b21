"""Measures the product's hot paths on a large stock: `python -m bench` (docs/performance.md)."""
