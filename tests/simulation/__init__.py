"""A quarter of a year of scheduled runs in minutes: sixty sources of different habits on the offline internet, the clock an
argument. `python -m tests.simulation --weeks 13`."""
