"""Read, segment and analyse annual reports on government information disclosure in China.

The names below stand in the order in which a study uses them. Each is loaded
when it is first asked for, so that ``import toolkit`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_HOMES: dict[str, str] = {
    # published files -> figures and chapters
    "read_report": "toolkit.corpus",
    "read_corpus": "toolkit.corpus",
    "Corpus": "toolkit.corpus",
    "Report": "toolkit.corpus",
    "parse": "toolkit.parsing",
    "check": "toolkit.checking",
    "agreeing": "toolkit.reports.consistency.prose",
    "widen": "toolkit.wide",
    "codebook": "toolkit.codebook",
    "describe_agency": "toolkit.reports.provenance.agencies",
    "divisions": "toolkit.reports.provenance.divisions",
    "find_divisions": "toolkit.reports.provenance.divisions",
    # chapter five -> statements, words, codes
    "split_statements": "toolkit.narrative.statements",
    "label_spans": "toolkit.narrative.statements",
    "problems_status": "toolkit.narrative.statements",
    "Segmenter": "toolkit.narrative.words",
    "kwic": "toolkit.narrative.reading",
    "keyness": "toolkit.narrative.reading",
    "collocations": "toolkit.narrative.reading",
    "word_frequencies": "toolkit.narrative.reading",
    "code_statements": "toolkit.narrative.coding",
    "load_scheme": "toolkit.narrative.codingscheme",
    "CodingScheme": "toolkit.narrative.codingscheme",
    "agreement": "toolkit.narrative.agreement",
    "krippendorff_alpha": "toolkit.narrative.agreement",
    "congruence": "toolkit.narrative.congruence",
    "congruence_summary": "toolkit.narrative.congruence",
    "theme_matrix": "toolkit.narrative.congruence",
    "export_for_coding": "toolkit.narrative.handcoding",
    "import_coding": "toolkit.narrative.handcoding",
    "adjudicate": "toolkit.narrative.adjudication",
    "score_coder": "toolkit.narrative.adjudication",
    "train_coder": "toolkit.narrative.supervised",
    "find_reuse": "toolkit.narrative.reuse",
    "add_reuse": "toolkit.narrative.reuse",
    "compare_texts": "toolkit.narrative.comparison",
    # what goes with what
    "indicators": "toolkit.analysis.indicators",
    "indicator_table": "toolkit.analysis.indicators",
    "lag": "toolkit.analysis.panel",
    "change": "toolkit.analysis.panel",
    "balanced": "toolkit.analysis.panel",
    "group_rates": "toolkit.analysis.panel",
    "children_sum": "toolkit.analysis.children",
    "prevalence": "toolkit.analysis.prevalence",
    "named": "toolkit.analysis.prevalence",
    "persistence": "toolkit.analysis.prevalence",
    "answers": "toolkit.analysis.prevalence",
    "cluster_problems": "toolkit.analysis.clusters",
    "Clusters": "toolkit.analysis.clusters",
    "correlate": "toolkit.analysis.association",
    "with_themes": "toolkit.analysis.inference.presence",
    "regress": "toolkit.analysis.models",
    "robustness": "toolkit.analysis.robustness",
    "regression_table": "toolkit.analysis.writing.regression_tables",
    "quote_sentence": "toolkit.analysis.writing.sentences",
    "save_figure": "toolkit.analysis.figures",
    "export": "toolkit.analysis.export",
    "study": "toolkit.study",
    # reports with known truth
    "simulate": "toolkit.simulation",
    "read_truth": "toolkit.simulation",
    # errors
    "ToolkitError": "toolkit.errors",
    "SourceError": "toolkit.errors",
    "FormError": "toolkit.errors",
    "ParseError": "toolkit.errors",
    "InputError": "toolkit.errors",
}

_FIGURES = (
    *("answers", "associations", "clusters", "counts", "coverage", "failures", "forest", "keyness"),
    *("persistence", "prevalence", "provinces", "reuse", "stability"),
)
_HOMES |= {f"plot_{name}": "toolkit.analysis.figures" for name in _FIGURES}

__all__ = ["__version__", *_HOMES]


class _Package(ModuleType):
    """A package whose functions are not hidden by the modules of the same name: ``codebook``, ``study``."""

    def __setattr__(self, name: str, value: object) -> None:
        # An import binds a module to its package; the public name stays the function's.
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'toolkit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
