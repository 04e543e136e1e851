"""The program of a section: which statements of earlier cells a cell needs, found without running any."""
