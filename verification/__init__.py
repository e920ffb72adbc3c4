"""Whether what stands in the database can be true: `verify` looks and changes nothing, `rebuild` folds rows anew."""

from verification.as_of import AsOf, Difference, as_of, differences
from verification.findings import Fault, Verification
from verification.rebuilding import rebuild
from verification.verifying import verify

__all__ = ["AsOf", "Difference", "Fault", "Verification", "as_of", "differences", "rebuild", "verify"]
