"""Measurements: ratios against a peer or a floor measured in the same run, beside the bounds they must keep."""
