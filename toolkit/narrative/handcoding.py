"""The round trip for hand coding: sheets for human coders, and back.

What human coders say of a random sample with known probabilities is what later
tells how often the machine errs and corrects the estimates made from its codes
(Egami et al. 2023). The sheets therefore hide the machine's codes and the
agency, and nothing that went out may come back changed unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative.agreement import agreement
from toolkit.narrative.codingscheme import KINDS, CodingScheme, load_scheme
from toolkit.narrative.codingsheets import KEPT, UNCODABLE, digest, read_workbook, sheet_text, workbook
from toolkit.narrative.sampling import draw_sample

_COLUMNS = (
    *("coder", "statement", "report", "kind", "text", "code", "second_code", "note"),
    *("stratum", "probability", "simulated"),
)
_FINDING = ("source", "coder", "no", "statement", "rule", "note")


def export_for_coding(
    statements: pd.DataFrame,
    path: str | Path,
    coders: int | Sequence[str] = 2,
    overlap: float = 0.3,
    n: int = 200,
    strata: str | list[str] | None = None,
    seed: int = 0,
    scheme: CodingScheme | str | Path | None = None,
) -> pd.DataFrame:
    """Draw a sample of statements and write one Excel workbook for each coder.

    Parameters
    ----------
    statements : DataFrame
        statement (unique), kind and text; report and simulated are kept. The
        machine's codes, if any, go nowhere near the workbooks.
    path : path
        The folder for the workbooks ``coding_NAME.xlsx``; made if it is not there.
    coders : int or names, default 2
    overlap : float, default 0.3
        The share of the sample that every coder codes; the rest is divided.
        Agreement can be measured on the overlap only.
    n, strata, seed
        Size and strata of the sample, see ``draw_sample``.
    scheme : CodingScheme or folder, optional
        The packaged scheme by default.

    Returns
    -------
    DataFrame
        One row per coder and statement: coder, no, statement, report, kind,
        stratum, probability (of being in the sample), simulated, path.

    Raises
    ------
    InputError
        If a column is lacking, statements repeat, there is nothing to draw
        from, names of coders repeat or ``overlap`` is not a share.

    Examples
    --------
    >>> import tempfile
    >>> statements = pd.DataFrame({
    ...     "statement": [f"a.html#{n}" for n in range(40)],
    ...     "kind": "problem", "text": [f"第{n}个栏目更新不及时" for n in range(40)],
    ... })
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sample = export_for_coding(statements, folder, n=10, overlap=0.4)
    >>> sample.groupby("coder").size().to_dict(), sample["probability"].unique().tolist()
    ({'coder1': 7, 'coder2': 7}, [0.25])
    """
    names = _coder_names(coders)
    _check_exportable(statements, overlap)
    scheme = scheme if isinstance(scheme, CodingScheme) else load_scheme(scheme)
    sample = draw_sample(statements, n, strata, seed)
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for at, (name, rows) in enumerate(_divide(sample, names, overlap).items()):
        # Each coder has an own order, so that tiredness does not fall on the same texts.
        sheet = _sheet_rows(rows, np.random.default_rng([seed, at]))
        target = folder / f"coding_{name}.xlsx"
        workbook(name, sheet, scheme).save(target)
        parts.append(sheet.assign(coder=name, path=str(target)))
    kept = [column for column in KEPT if column in parts[0] and column != "digest"]
    return pd.concat(parts, ignore_index=True)[["coder", *kept, "path"]]


def _coder_names(coders: int | Sequence[str]) -> list[str]:
    names = [f"coder{at + 1}" for at in range(coders)] if isinstance(coders, int) else [str(name) for name in coders]
    if not names or len(set(names)) < len(names):
        raise InputError(f"coders are {coders!r}", "a number from 1 on, or different names")
    if not all(re.fullmatch(r"[\w-]+", name) for name in names):
        raise InputError(f"coders are {coders!r}", "names of letters, digits, - and _: they become file names")
    return names


def _check_exportable(statements: pd.DataFrame, overlap: float) -> None:
    lacking = [column for column in ("statement", "kind", "text") if column not in statements]
    if lacking:
        raise InputError(f"the statements lack {', '.join(lacking)}", "pass the statements of a corpus")
    if statements.empty or not statements["statement"].is_unique:
        raise InputError("there are no statements, or one of them stands twice", "one row per statement")
    if not statements["kind"].isin(KINDS).all():
        raise InputError("some statements are neither problem nor improvement", "leave those rows out")
    if statements["text"].isna().any():
        raise InputError("some statements have no text", "leave those rows out")
    if not 0 <= overlap <= 1:
        raise InputError(f"overlap is {overlap}", "a share between 0 and 1")


def _divide(sample: pd.DataFrame, names: list[str], overlap: float) -> dict[str, pd.DataFrame]:
    shared = round(overlap * len(sample)) if len(names) > 1 else 0
    # The sample is in random order, so its first rows are a random part of it.
    return {
        name: pd.concat([sample.iloc[:shared], sample.iloc[shared + at :: len(names)]]) for at, name in enumerate(names)
    }


def _sheet_rows(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    text = rows["text"].map(lambda text: sheet_text(str(text)))
    return rows.assign(no=range(1, len(rows) + 1), text=text, digest=text.map(digest))


@dataclass(frozen=True)
class HandCoding:
    """What came back from the coders.

    Attributes
    ----------
    codes : DataFrame
        One row per coder and statement: coder, statement, report, kind, text,
        code, second_code, note, stratum, probability, simulated. A code that could
        not be accepted is missing, and a finding says why.
    findings : DataFrame
        source, coder, no, statement, rule (missing_row, repeated_row,
        unknown_row, changed_text, unknown_code, wrong_kind, uncoded,
        uncodable) and note.
    """

    codes: pd.DataFrame
    findings: pd.DataFrame

    def agreement(self, **options) -> pd.DataFrame:
        """Agreement of each pair of coders, per category, before adjudication.

        Parameters
        ----------
        **options
            As of ``toolkit.narrative.agreement.agreement``; without ``cluster``
            the statements of one report are resampled together.

        Returns
        -------
        DataFrame
            coder_a, coder_b and the columns of ``agreement``; empty if no two coders
            share a statement.

        Examples
        --------
        >>> codes = pd.DataFrame({
        ...     "coder": ["li", "li", "wu", "wu"], "statement": ["a#1", "a#2"] * 2,
        ...     "code": ["staffing", "platform", "staffing", "staffing"],
        ... })
        >>> HandCoding(codes, pd.DataFrame()).agreement(resamples=0)[["coder_a", "coder_b", "code", "percent"]]
          coder_a coder_b      code  percent
        0      li      wu       all      0.5
        1      li      wu  platform      0.5
        2      li      wu  staffing      0.5
        """
        wide = self.codes.pivot(index="statement", columns="coder", values="code")
        if "report" in self.codes and self.codes["report"].notna().all():
            options.setdefault("cluster", self.codes.drop_duplicates("statement").set_index("statement")["report"])
        tables = [
            agreement(wide[a], wide[b], **options).assign(coder_a=a, coder_b=b)
            for a, b in combinations(wide.columns, 2)
            if wide[[a, b]].notna().all(axis=1).any()
        ]
        if not tables:
            return pd.DataFrame(columns=["coder_a", "coder_b", "code"])
        table = pd.concat(tables, ignore_index=True)
        return table[["coder_a", "coder_b", *table.columns.difference(["coder_a", "coder_b"], sort=False)]]


def import_coding(
    paths: str | Path | Iterable[str | Path], scheme: CodingScheme | str | Path | None = None
) -> HandCoding:
    """Read the coders' workbooks back and say what is wrong with them.

    Parameters
    ----------
    paths : path or iterable of paths
        Workbooks of ``export_for_coding``, or the folder that holds them.
    scheme : CodingScheme or folder, optional
        The scheme with which they were exported.

    Returns
    -------
    HandCoding
        ``codes``, ``findings`` and ``agreement()``. Every exported row is
        there, with a missing code if none could be accepted.

    Raises
    ------
    SourceError
        If a file is not such a workbook.
    InputError
        If there is no file, or two workbooks are by the same coder.

    Examples
    --------
    >>> import tempfile, openpyxl
    >>> statements = pd.DataFrame({"statement": ["a#1"], "kind": ["problem"], "text": ["更新不及时"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sample = export_for_coding(statements, folder, coders=["li"])
    ...     book = openpyxl.load_workbook(sample["path"][0])
    ...     book.worksheets[0]["D2"] = "timeliness 时效性"
    ...     book.save(sample["path"][0])
    ...     hand = import_coding(folder)
    >>> hand.codes[["coder", "statement", "code", "probability"]]
      coder statement        code  probability
    0    li       a#1  timeliness          1.0
    """
    scheme = scheme if isinstance(scheme, CodingScheme) else load_scheme(scheme)
    parts, findings, coders = [], [], set()
    for path in _files(paths):
        coder, seen, sample = read_workbook(path)
        if coder in coders:
            raise InputError(f"{path}: there is another workbook by {coder}", "leave one of them out")
        coders.add(coder)
        rows, found = _accept(seen, sample, scheme)
        parts.append(rows.assign(coder=coder))
        findings += [{"source": path.name, "coder": coder, **finding} for finding in found]
    codes = pd.concat(parts, ignore_index=True)
    columns = [column for column in _COLUMNS if column in codes]
    types = dict.fromkeys(("code", "second_code", "note"), "string") | {"probability": "float64"}
    codes = codes[columns].astype(types)
    return HandCoding(codes, pd.DataFrame(findings, columns=list(_FINDING)))


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    if isinstance(paths, str | Path):
        path = Path(paths)
        # Office programs leave lock files beside an open workbook.
        files = sorted(p for p in path.glob("*.xlsx") if not p.name.startswith("~$")) if path.is_dir() else [path]
    else:
        files = [Path(path) for path in paths]
    if not files:
        raise InputError(f"{paths}: there is no workbook", "pass the folder given to export_for_coding")
    return files


def _accept(seen: pd.DataFrame, sample: pd.DataFrame, scheme: CodingScheme) -> tuple[pd.DataFrame, list[dict]]:
    """The sample's rows with the codes that can be accepted, and what cannot."""
    numbers = pd.to_numeric(seen["no"], errors="coerce")
    findings = [
        {"no": no, "statement": None, "rule": "unknown_row", "note": f"no such number; text: {text}"}
        for no, text in zip(seen["no"], seen["text"])
        if pd.to_numeric(no, errors="coerce") not in set(sample["no"])
    ]
    rows = []
    for row in sample.to_dict("records"):
        answer, wrong = _judge(seen[numbers == row["no"]].to_dict("records"), row, scheme)
        rows.append({**row, **answer})
        findings += [{"no": row["no"], "statement": row["statement"], "rule": r, "note": n} for r, n in wrong]
    return pd.DataFrame(rows), findings


def _judge(found: list[dict], row: dict, scheme: CodingScheme) -> tuple[dict, list[tuple[str, str]]]:
    """What can be accepted of one row, and the findings (rule, note)."""
    answer = dict.fromkeys(("text", "code", "second_code", "note"))
    if not found:
        return answer, [("missing_row", "the row was deleted")]
    answer["note"] = None if found[0]["note"] is None else str(found[0]["note"])
    if len({(a["code"], a["second_code"]) for a in found}) > 1:
        return answer, [("repeated_row", f"{len(found)} rows with different codes")]
    if digest(str(found[0]["text"] or "")) != row["digest"]:
        return answer, [("changed_text", f"now: {found[0]['text']}")]
    code, wrong = _read_code(found[0]["code"], row["kind"], scheme)
    second, second_wrong = _read_code(found[0]["second_code"], row["kind"], scheme)
    if found[0]["code"] is None:
        wrong = [("uncoded", "the code was left empty")]
    return answer | {"text": found[0]["text"], "code": code, "second_code": second}, wrong + second_wrong


def _read_code(answer: object, kind: str, scheme: CodingScheme) -> tuple[str | None, list[tuple[str, str]]]:
    """A choice of the list, a bare code or a bare label as a code."""
    text = "" if answer is None else str(answer).strip()
    if not text:
        return None, []
    by_label = {scheme.label(code): code for code in scheme.codes}
    code = by_label.get(text, text.split()[0])
    if code == UNCODABLE:
        return None, [("uncodable", "the coder found no category")]
    if code not in scheme.codes:
        return None, [("unknown_code", f"the scheme has no {text!r}")]
    if code not in scheme.codes_of(kind):
        return None, [("wrong_kind", f"{code} is no code for a statement of kind {kind}")]
    return code, []
