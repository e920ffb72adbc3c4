"""Which dossiers are looked at by a person although nobody has to: a sample for quality control.

The digest of number and policy version decides, so a replay, a rebuild and an auditor find the same sample, and nobody
can take a dossier out of it. Nobody knows beforehand either: the number is given at the receipt. Whoever knows the
number afterwards can compute it; by then the application is in.
"""

import hashlib
from decimal import Decimal

STEPS = 10_000


def is_sampled(number: str, version: str, percentage: Decimal) -> bool:
    """Whether this dossier is in the sample, of which so many percent (two decimals count) are."""
    digest = hashlib.sha256(f"{number}/{version}".encode()).digest()
    return int.from_bytes(digest[:8]) % STEPS < percentage * (STEPS // 100)
