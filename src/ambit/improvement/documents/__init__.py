"""What goes to a board: a Word report, a plan on one slide, PDF, CSV and JSON. Each says the same as the page."""

from ambit.improvement.documents.plain import as_csv, as_json
from ambit.improvement.documents.printed import as_pdf
from ambit.improvement.documents.slide import as_slide
from ambit.improvement.documents.word import as_word

__all__ = ["as_csv", "as_json", "as_pdf", "as_slide", "as_word"]
