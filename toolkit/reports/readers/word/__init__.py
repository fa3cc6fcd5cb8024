"""Word files of every kind: .docx by itself, the others through LibreOffice."""

from toolkit.reports.readers.word.docx import looks_like_docx, read_docx
from toolkit.reports.readers.word.office import find_libreoffice, office_suffix, read_with_libreoffice

__all__ = ["find_libreoffice", "looks_like_docx", "office_suffix", "read_docx", "read_with_libreoffice"]
