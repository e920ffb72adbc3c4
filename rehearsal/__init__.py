"""Rehearsed people: staff, applicants, experts, agencies and participants who act through `starter` as real ones do.

Only dossiers received as a rehearsal listen to them moving the clock; `REHEARSAL_ALLOWED` keeps them out of production.
"""
