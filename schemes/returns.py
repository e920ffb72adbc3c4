"""Why a bank did not pay, or brought money back: whether the account of the beneficiary is the matter.

Source: ISO 20022 external code sets, status reason and return reason.
"""

NOT_THE_ACCOUNT = frozenset(
    {
        *("AC02", "AC05", "AC13", "AM01", "AM02", "AM04", "AM05", "AM09", "AM10", "AM23", "DNOR", "DT01"),
        *("DU01", "DU02", "DU03", "DU04", "DU05", "FF01", "FF02", "FF03", "FF05", "FOCR", "TM01", "file_rejected"),
    }
)
"""Our own account, the amount, the day or the file: another account of the beneficiary would change nothing."""


def concerns_account(reason: str) -> bool:
    """Whether money may not go to the same account again; a reason nobody knows counts as one."""
    return reason not in NOT_THE_ACCOUNT
