"""The rungs of the ladder, one file each; archive.repair.ladder puts them in order."""
