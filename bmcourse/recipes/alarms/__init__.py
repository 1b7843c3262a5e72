"""Warnings before an event: windows, charts, alarms and their cost, late labels, survival."""
