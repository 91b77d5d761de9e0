"""Drives `archive.repair` with real requests, within the budgets of the archives."""
