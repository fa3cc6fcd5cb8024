"""Errors, drawn as a tree by what the caller can do about them."""

from __future__ import annotations


class ToolkitError(Exception):
    """Root of every error the toolkit raises on purpose.

    Parameters
    ----------
    message : str
        What happened and where.
    hint : str, optional
        What to try. Both parts stand in ``str(error)``, and both survive
        pickling, since errors cross processes.

    Examples
    --------
    >>> print(SourceError("a.pdf: the file is encrypted", "save a copy without password"))
    a.pdf: the file is encrypted. Try: save a copy without password
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. Try: {self.hint}" if self.hint else self.message


class SourceError(ToolkitError, OSError):
    """The file cannot be read, or is not an annual report: look at the file."""


class FormError(ToolkitError, LookupError):
    """There is no form, scheme or code of that name: look at the name."""


class ParseError(ToolkitError, ValueError):
    """A report, but a table does not fit its form: look at the table."""


class InputError(ToolkitError, ValueError):
    """An argument was wrong before anything was read: look at the call."""
