"""Chapter five -> single problem and improvement statements, with their places.

A chapter is read once from its first character to its last. Sentences and enumerators come from `marks`, what a clause
says from `predicates`. The reading remembers whether it stands among problems or among improvements; headings,
transitions (针对以上问题, 下一步) and a numbering that starts anew turn it. One predicate with its own subject is one
statement; neighbouring clauses of one theme, a title and its detail, a cause and its clause stay together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from toolkit.errors import InputError
from toolkit.narrative import predicates as say
from toolkit.narrative.marks import Mark, Sentence, View, find_sentences, read_view

COLUMNS = ["kind", "position", "text", "start", "stop", "progress"]
_TITLE_LENGTH = 18
_LISTED_IN = 400  # longer sentences are not searched for inline lists
_LEAD = re.compile(
    r"(?:[,:、;]|但是|但|然而|不过|另外|此外|其中|比如|例如|譬如|如(?!何|实|期)|主要(?:问题)?(?:是|有|表现(?:在|为|是)?|体现(?:在|为)?)|"
    r"(?:具体)?表现(?:在|为)|并且|并(?!未|不)|以及|而且|且|即(?!时)|(?:也|还|仍)?存在(?:着|的)?(?!的|感))*"
)
_FRAME_LEAD = re.compile(r"[^,;。]{0,40}?(?:存在|还有|仍有)(?:着|了|的)?(?:一些|一定的|部分|个别)?")
_TAIL = re.compile(
    r"(?:等(?:方面|几个方面|多方面)?(?:的)?(?:一些|诸多|突出|主要)?(?:问题|不足|情况|现象|困难)?|的(?:问题|现象|情况|不足))"
    r"(?:还|仍)?(?:较为?突出|一定程度(?:上)?)?(?:存在|有待[^,]{2,6})?$"
)


@dataclass(frozen=True)
class _Clause:
    start: int
    stop: int
    text: str
    before: str  # the sign between it and the clause before


@dataclass(frozen=True)
class _Piece:
    kind: str  # problem, improvement, achievement, other
    start: int
    stop: int
    themes: tuple[str, ...] = ()
    core: bool = True  # a deficit or a measure of its own, not only detail
    gap: bool = False


class _Reading:
    """The state of one reading: the mode, the numbering met so far, and the pieces found."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.mode = "problem"
        self.numbers: dict[str, tuple[int, str]] = {}
        self.pieces: list[_Piece] = []
        self.item_start = 0  # number of pieces before the current item
        self.in_item = False
        self.title_open = False  # the item has so far only its title
        self.title_themes: tuple[str, ...] = ()

    def read(self, sentences: list[Sentence]) -> list[_Piece]:
        for this, following in zip(sentences, [*sentences[1:], None], strict=True):
            if this.mark:
                self._enter_item(this)
            elif this.new_line and not self.title_open:
                self.in_item = False
            self._read_sentence(this, following)
        return self.pieces

    def _enter_item(self, sentence: Sentence) -> None:
        mark = sentence.mark
        assert mark is not None
        self._turn_by_number(mark, sentence)
        if mark.number <= 1:
            # An outer number going on closes the inner numbering.
            self.numbers.pop("shi" if mark.style != "shi" else "", None)
        self.numbers[mark.style] = (mark.number, self.mode)
        self.item_start, self.in_item, self.title_open = len(self.pieces), True, False

    def _turn_by_number(self, mark: Mark, sentence: Sentence) -> None:
        number, mode = self.numbers.get(mark.style, (0, self.mode))
        if mark.number > 1 and mark.number == number + 1 and mode != self.mode:
            self.mode = mode

    def _read_sentence(self, sentence: Sentence, following: Sentence | None) -> None:
        clauses = _split_clauses(self.view, sentence)
        kind = say.heading_kind("".join(c.before + c.text for c in clauses))
        if kind:
            self._enter_heading(kind, sentence)
            return
        if self.mode == "problem" and self._begins_measures(clauses, sentence):
            self.mode = "improvement"
        announces = following is not None and following.mark is not None and following.mark.number == 1
        found = self._read_clauses(clauses, announces and not sentence.mark)
        title = self._is_title(sentence, following)
        if title or (self.title_open and self.mode == "problem") or (say.cues("detail").match(clauses[0].text) and self.mode == "problem"):
            found = _merge(found)
        self._join_to_item(found, sentence, clauses)
        self.title_open = title
        if title or sentence.mark:
            self.title_themes = found[0].themes if title and found else ()

    def _is_title(self, sentence: Sentence, following: Sentence | None) -> bool:
        short = sentence.mark is not None and sentence.stop - sentence.start <= _TITLE_LENGTH
        return short and sentence.ending != ";" and following is not None and following.mark is None

    def _enter_heading(self, kind: str, sentence: Sentence) -> None:
        if kind != "both":
            self.mode = kind
        else:
            self.mode = "problem"
        if sentence.mark:
            self.numbers[sentence.mark.style] = (sentence.mark.number, self.mode)
        for style in [s for s in self.numbers if not sentence.mark or s != sentence.mark.style]:
            del self.numbers[style]
        self.in_item = self.title_open = False
        self.pieces.append(_Piece("other", sentence.start, sentence.stop, core=False))

    def _begins_measures(self, clauses: list[_Clause], sentence: Sentence) -> bool:
        texts = [c.text for c in clauses]
        if any(say.find_deficit(t) for t in texts) or any(say.is_frame(t) or say.turns_to_measures(t) for t in texts):
            return False
        return say.opens_measure(texts[0]) and not say.cues("praise").search("".join(texts))

    def _read_clauses(self, clauses: list[_Clause], announces: bool) -> list[_Piece]:
        found: list[_Piece] = []
        begin = 0
        for number, clause in enumerate(clauses):
            heading = say.heading_kind(clause.text) if self._ends_in_colon(clause) else None
            turned = heading if heading in ("problem", "improvement") else self._turn(clause)
            if turned and turned != self.mode:
                found += self._group(clauses[begin:number], False)
                self.mode, begin = turned, number
        return found + self._group(clauses[begin:], announces)

    def _ends_in_colon(self, clause: _Clause) -> bool:
        return self.view.text[clause.stop : clause.stop + 1] == ":"

    def _turn(self, clause: _Clause) -> str | None:
        if self.mode == "problem":
            return "improvement" if say.turns_to_measures(clause.text) and not say.is_frame(clause.text) else None
        turns_back = say.is_frame(clause.text) and not say.turns_to_measures(clause.text) and not say.frames_plans(clause.text)
        return "problem" if turns_back else None

    def _group(self, clauses: list[_Clause], announces: bool) -> list[_Piece]:
        if not clauses:
            return []
        if self.mode == "problem":
            return _group_problems([part for c in clauses for part in _split_list(c)], self.in_item)
        if announces:
            return [_Piece("other", clauses[0].start, clauses[-1].stop, core=False)]
        return _group_measures(clauses, self.in_item, self.title_themes if self.title_open else ())

    def _join_to_item(self, found: list[_Piece], sentence: Sentence, clauses: list[_Clause]) -> None:
        last = self.pieces[-1] if len(self.pieces) > self.item_start else None
        first = found[0] if found else None
        if last and first and last.kind == first.kind and self._belongs(last, first, sentence, clauses):
            found[0] = replace(last, stop=first.stop, themes=last.themes + first.themes)
            self.pieces.pop()
        self.pieces += found

    def _belongs(self, last: _Piece, first: _Piece, sentence: Sentence, clauses: list[_Clause]) -> bool:
        if sentence.mark:
            return False
        if say.cues("detail").match(clauses[0].text) and last.kind == "problem":
            return True
        if not self.in_item or last.kind not in ("problem", "improvement"):
            return False
        if self.title_open:
            return True
        before = self.view.text[sentence.start - 1]
        return not first.core or (before != ";" and (not _differ(first.themes, self.title_themes or last.themes)))


def _merge(found: list[_Piece]) -> list[_Piece]:
    if len({piece.kind for piece in found}) != 1:
        return found
    return [replace(found[0], stop=found[-1].stop, themes=sum((p.themes for p in found), ()))]


def _differ(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    return bool(these and those) and not set(these) & set(those)


def _split_clauses(view: View, sentence: Sentence) -> list[_Clause]:
    clauses: list[_Clause] = []
    at, before = sentence.start, ""
    for place in range(sentence.start, sentence.stop + 1):
        sign = view.text[place] if place < sentence.stop else ","
        turns = sign == "但" and view.text[place - 1 : place] not in ("不", "非", ",") and view.text[place : place + 2] != "但凡"
        if sign in ",:" or (turns and place > at):
            if place > at:
                clauses.append(_Clause(at, place, view.text[at:place], before))
            at, before = (place, "") if turns else (place + 1, sign)
    return clauses


def _split_list(clause: _Clause) -> list[_Clause]:
    """Cut at 、 where each part has a deficit of its own; other parts stay with their neighbour."""
    if "、" not in clause.text or len(clause.text) > _LISTED_IN:
        return [clause]
    parts: list[_Clause] = []
    at, start = clause.start, clause.start
    for text in clause.text.split("、"):
        stop = at + len(text)
        deficit = say.find_deficit(text)
        if parts and deficit and start == at and not say.has_subject(text, deficit):
            parts[-1] = replace(parts[-1], stop=stop, text=parts[-1].text + "、" + text)
            start = stop + 1
        elif deficit or stop == clause.stop:
            parts.append(_Clause(start, stop, clause.text[start - clause.start : stop - clause.start], "、" if parts else clause.before))
            start = stop + 1
        at = stop + 1
    return parts


def _group_problems(clauses: list[_Clause], in_item: bool) -> list[_Piece]:
    found: list[_Piece] = []
    open_from: int | None = None
    current: _Piece | None = None
    for clause in clauses:
        role = _problem_role(clause, current, in_item)
        deficit = say.find_deficit(clause.text)
        if role in ("frame", "praise"):
            found += [current] if current else []
            found.append(_Piece("achievement" if role == "praise" else "other", clause.start, clause.stop, core=False, gap=say.is_gap(clause.text)))
            current = open_from = None
        elif role == "cause":
            open_from = clause.start if open_from is None else open_from
        elif role == "deficit":
            assert deficit is not None
            themes = say.themes_of(clause.text)
            new = current is None or (say.has_subject(clause.text, deficit) and themes[:1] not in ((), current.themes[:1]))
            if new:
                found += [current] if current else []
                current = _Piece("problem", clause.start if open_from is None else open_from, clause.stop, themes)
            elif current:
                current = replace(current, stop=clause.stop, themes=current.themes or themes)
            open_from = None
        elif current:
            current = replace(current, stop=clause.stop)
    if current:
        stop = clauses[-1].stop if open_from is not None else current.stop
        found.append(replace(current, stop=stop))
    elif open_from is not None:
        found.append(_Piece("problem" if in_item else "other", open_from, clauses[-1].stop, core=False))
    return found


def _problem_role(clause: _Clause, current: _Piece | None, in_item: bool) -> str:
    text = clause.text
    if say.denies_problems(text):
        return "frame"
    if say.is_frame(text):
        return "tail" if current and say.is_gap(text) else "frame"
    if say.find_deficit(text):
        return "deficit"
    if say.is_filler(text) and not current and not in_item:
        return "frame"
    if say.cues("praise").search(text) and not current:
        return "praise"
    if current and not say.cues("cause").match(text):
        return "tail"
    return "cause" if in_item or say.cues("cause").match(text) or current else "frame"


def _group_measures(clauses: list[_Clause], in_item: bool, title_themes: tuple[str, ...]) -> list[_Piece]:
    found: list[_Piece] = []
    open_from: int | None = None
    current: _Piece | None = None
    for clause in clauses:
        role = _measure_role(clause, current, in_item)
        start = clause.start + (say.after_plan(clause.text) if not current and not in_item else 0)
        if role == "frame":
            found += [current] if current else []
            found.append(_Piece("other", clause.start, clause.stop, core=False))
            current = open_from = None
        elif role == "context":
            open_from = start if open_from is None else open_from
        elif current is None:
            current = _Piece("improvement", start if open_from is None else open_from, clause.stop, title_themes + say.themes_of(clause.text))
            open_from = None
        else:
            themes = say.themes_of(clause.text)
            if role == "measure" and _differ(themes, current.themes):
                found.append(current)
                current = _Piece("improvement", clause.start if open_from is None else open_from, clause.stop, themes)
            else:
                current = replace(current, stop=clause.stop, themes=current.themes or themes)
            open_from = None
    if current:
        found.append(replace(current, stop=clauses[-1].stop if open_from is not None else current.stop))
    elif open_from is not None:
        found.append(_Piece("improvement" if in_item else "other", open_from, clauses[-1].stop, core=False))
    return found


def _measure_role(clause: _Clause, current: _Piece | None, in_item: bool) -> str:
    text = clause.text
    rest = text[say.after_plan(text) :]
    if say.heading_kind(text) or say.frames_plans(text) or say.is_frame(text) or say.denies_problems(text):
        return "frame"
    if not current and say.turns_to_measures(text) and (rest == text or say.gives_context(rest) or not rest):
        return "frame"
    if say.gives_context(rest):
        return "context" if in_item or current else "frame"
    if say.opens_measure(rest):
        return "measure"
    if say.states_result(rest) or current or in_item:
        return "result"
    return "frame" if say.is_filler(text) else "result"


def label_spans(text: str) -> pd.DataFrame:
    """Label every stretch of a chapter five that says something."""
    if not isinstance(text, str):
        raise InputError(f"label_spans: expected the text of one chapter, got {type(text).__name__}", "pass a str; a missing chapter has no statements")
    view = read_view(text, say.ends_line)
    pieces = _Reading(view).read(find_sentences(view))
    pieces = _promote_lone_gap(pieces)
    rows = [_row(view, text, piece) for piece in pieces]
    frame = pd.DataFrame([row for row in rows if row], columns=COLUMNS)
    frame["position"] = frame.groupby("kind").cumcount() + 1
    return frame.astype({"kind": "string", "text": "string", "progress": "string", "position": "int64", "start": "int64", "stop": "int64"})


def _promote_lone_gap(pieces: list[_Piece]) -> list[_Piece]:
    if any(piece.kind == "problem" for piece in pieces):
        return pieces
    return [replace(piece, kind="problem") if piece.gap else piece for piece in pieces]


def _row(view: View, text: str, piece: _Piece) -> list[object] | None:
    start, stop = piece.start, piece.stop
    if piece.kind in ("problem", "improvement"):
        start, stop = _trim(view.text, start, stop)
    if stop <= start:
        return None
    first, last = view.span(start, stop)
    progress = say.progress_of(view.text[start:stop], "") if piece.kind == "improvement" else pd.NA
    return [piece.kind, 0, text[first:last], first, last, progress]


def _trim(text: str, start: int, stop: int) -> tuple[int, int]:
    """Leave out connectives and frames before a statement, signs and 等问题 behind it."""
    kept = _LEAD.match(text, start, stop)
    start = kept.end() if kept else start
    frame = _FRAME_LEAD.match(text, start, stop)
    if frame and stop - frame.end() >= 4 and say.is_filler(frame[0]) and say.find_deficit(text[frame.end() : stop]):
        start = frame.end()
    tail = _TAIL.search(text, max(start, stop - 40), stop)
    return start, tail.start() if tail and tail.start() > start else stop


def split_statements(text: str) -> pd.DataFrame:
    """Split one chapter five into its single problem and improvement statements."""
    spans = label_spans(text)
    return spans[spans["kind"].isin(["problem", "improvement"])].reset_index(drop=True)
