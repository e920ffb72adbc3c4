"""Three sorts of failure; which one it is decides who hears of it.

A refusal is a rule that says no and is shown to the person. What is unavailable is raised as it comes, and Temporal
tries again. Everything else is a defect: visible, never swallowed.
"""


class Refusal(Exception):
    """A rule says no. The text is plain Dutch, names the field or step, and says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Defect(Exception):
    """Something that cannot be: trying again would not help, a person must look."""
