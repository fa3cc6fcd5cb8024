"""``toolkit study``: from a folder of reports to tables, figures and one page that a supervisor can read."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from tqdm import tqdm

from toolkit.analysis.writing.wording import LANGUAGES, words
from toolkit.corpus import Corpus, read_corpus
from toolkit.errors import InputError
from toolkit.page.findings import headline
from toolkit.page.page import page_of, write_page
from toolkit.parsing import parse
from toolkit.sources import PAGE
from toolkit.sources import STUDY as MANIFEST
from toolkit.steps.analysis import Findings, Part, associate, describe
from toolkit.steps.figures import Picture, draw_figures
from toolkit.steps.frames import rewrite_statements
from toolkit.steps.manifest import manifest, write_manifest
from toolkit.steps.models import check_robustness, model
from toolkit.steps.narrative import fill_clusters, fill_reuse, other_clusterings
from toolkit.steps.tables import complete_tables, write_tables
from toolkit.summary import Summary

if TYPE_CHECKING:
    from toolkit.analysis.clusters import Clusters

FIGURES, TABLES = "figures", "tables"
_SENTENCES = 3


@dataclass
class Study:
    """What a study has read and found.

    Attributes
    ----------
    output : Path
        Folder with the frames, ``index.html``, ``study.json``, ``figures/`` and ``tables/``.
    corpus : Corpus
        Its statements have ``cluster``, ``reuse_self`` and ``reuse_peer``.
    tables : dict
        Name to :class:`~toolkit.steps.analysis.Part`: a table (``frame``), or the ``reason`` why it is empty.
    regressions : dict
        Name to Regression.
    clusters : Clusters or None
    manifest : dict
        What ``study.json`` holds.
    """

    output: Path
    corpus: Corpus = field(repr=False)
    tables: dict[str, Part] = field(repr=False)
    regressions: dict[str, Any] = field(repr=False)
    clusters: Clusters | None = field(repr=False)
    manifest: dict[str, Any] = field(repr=False)
    summary: Summary = field(repr=False)
    sentences: list[str] = field(repr=False)

    @property
    def failures(self) -> list[tuple[str, str]]:
        """Source and message of everything that could not be read."""
        frame = self.corpus.failures
        return list(zip(frame["source"], frame["message"]))

    @property
    def page(self) -> Path:
        """The page."""
        return self.output / PAGE

    def text(self, lang: str, output: str | Path) -> str:
        """Return the summary as one screen of text, in Chinese or English."""
        failed = [f"  {name}: {reason}" for name, reason in self.manifest["failed"].items()]
        empty = self.tables["associations"].reason
        said = self.sentences or [
            words(lang, f"关联：{empty or '没有 q < .05 者'}", f"associations: {empty or 'none with q < .05'}")
        ]
        lines = [self.summary.text(lang, output), *said]
        if failed:
            lines += [words(lang, "出错的步骤：", "steps that ended in an error:"), *failed]
        return "\n".join([*lines, words(lang, f"报告页：{self.page}", f"the page: {self.page}")])


def study(
    sources: str | Path | Iterable[str | Path],
    output: str | Path,
    processes: int | None = None,
    progress: bool = True,
    lang: str = "zh",
    seed: int = 0,
    hand_coded: pd.DataFrame | None = None,
) -> Study:
    """Parse, check, code, cluster, correlate and draw: a whole study in one call.

    Parameters
    ----------
    sources : path or several
        Files and folders of reports, any mix.
    output : path
        Folder for the results; made if need be. Reading again reads only what changed.
    processes : int, optional
        For reading; all cores by default. Results do not depend on it.
    progress : bool
        Show progress bars.
    lang : {"zh", "en"}
        Language of page, figures and tables.
    seed : int
        Of every random step.
    hand_coded : DataFrame, optional
        Random sample coded by hand, as for ``correlate``: estimates corrected for the coder's errors.

    Returns
    -------
    Study
        ``output`` then holds the frames (statements with cluster and reuse), ``tables/`` (CSV, Excel,
        LaTeX, Word, with codebooks), ``figures/`` (PDF, SVG, PNG), the manifest ``study.json``, and
        ``index.html``: one file that loads nothing. What a corpus is too small for says so in its place.

    Raises
    ------
    InputError
        If an argument is wrong or no source holds a file.
    SourceError
        If a source is not there, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> result = study("corpus/dongguan2020.txt", folder.name, progress=False, lang="en")
    >>> result.tables["associations"].reason
    'too few agencies: 1, while a comparison needs 5 that name a problem and 5 peers that do not'
    >>> sorted(path.name for path in Path(folder.name).iterdir() if path.name in ("index.html", "study.json", "tables"))
    ['index.html', 'study.json', 'tables']
    >>> folder.cleanup()
    """
    if lang not in LANGUAGES:
        raise InputError(f"there is no language {lang!r}", '"zh" or "en"')
    folder, names = Path(output), _listed(sources)
    steps = _Steps(progress)
    summary = steps.run("parse", lambda: parse(names, folder, processes, progress, lang))
    corpus = steps.run("load", lambda: read_corpus(folder))
    found = Findings()
    clusters = _analysed(steps, corpus, found, lang, seed, hand_coded)
    steps.run("frames", lambda: rewrite_statements(folder, corpus.statements, corpus.reports))
    pictures, failed = _drawn(steps, corpus, found, clusters, folder, lang)
    settings: dict[str, Any] = {"sources": [str(name) for name in names], "lang": lang, "seed": seed}
    content = manifest(corpus, found, summary, settings, steps.seconds)
    content["failed"] |= failed
    text = page_of(corpus, found, clusters, pictures, content, {}, lang)
    write_page(folder / PAGE, text)
    content["files"] = _files(folder)
    content["seconds"] = {name: round(value, 2) for name, value in steps.seconds.items()}
    write_manifest(folder / MANIFEST, content)
    sentences = headline(found, lang, _SENTENCES)
    return Study(folder, corpus, found.tables, found.regressions, clusters, content, summary, sentences)


def _remove_earlier(folder: Path) -> None:
    """Remove the tables and figures of an earlier run, which would be taken for this one's; nothing else."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        earlier = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name in earlier["files"]:
            if Path(name).parts[0] in (FIGURES, TABLES) and ".." not in Path(name).parts:
                (folder / name).unlink(missing_ok=True)


def _files(folder: Path) -> list[str]:
    found = [path for name in (FIGURES, TABLES) for path in (folder / name).glob("*")]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _listed(sources: str | Path | Iterable[str | Path]) -> list[str | Path]:
    return [sources] if isinstance(sources, (str, Path)) else list(sources)


class _Steps:
    """Runs the steps of a study, shows which one is at work, and keeps the time each took."""

    def __init__(self, progress: bool) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    def run(self, name: str, step: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = step()
        self.seconds[name] = time.perf_counter() - started
        if self._progress:
            tqdm.write(f"  {name} {self.seconds[name]:.1f} s", file=sys.stderr)
        return result


def _analysed(
    steps: _Steps, corpus: Corpus, found: Findings, lang: str, seed: int, hand_coded: pd.DataFrame | None
) -> Clusters | None:
    steps.run("reuse", lambda: fill_reuse(corpus, found, lang))
    clusters = steps.run("cluster", lambda: fill_clusters(corpus, found, lang, seed))
    steps.run("describe", lambda: describe(found, corpus, lang))
    steps.run("correlate", lambda: associate(found, corpus, lang, seed, hand_coded))
    steps.run("regress", lambda: model(found, corpus, lang))
    others = steps.run("recluster", lambda: other_clusterings(corpus, clusters, seed))
    steps.run("robustness", lambda: check_robustness(found, corpus, others, lang, seed))
    return clusters


def _drawn(
    steps: _Steps, corpus: Corpus, found: Findings, clusters: Clusters | None, folder: Path, lang: str
) -> tuple[dict[str, Picture], dict[str, str]]:
    _remove_earlier(folder)
    complete_tables(corpus, found, lang)
    source = words(lang, "政府信息公开工作年度报告，xxgk-toolkit 整理", "Annual reports, read by xxgk-toolkit")
    failed = steps.run("tables", lambda: write_tables(found, folder / TABLES, lang, source))[1]
    pictures, undrawn = steps.run("figures", lambda: draw_figures(corpus, found, clusters, folder / FIGURES, lang))
    return pictures, failed | undrawn
