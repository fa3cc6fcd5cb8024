"""Clauses of one sentence -> pieces: what stays together, and where one statement ends and the next begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from toolkit.narrative import measures
from toolkit.narrative import predicates as say
from toolkit.narrative.cues import find_deficit, themes_of
from toolkit.narrative.marks import Sentence, View

_CONSEQUENCE = ("导致", "致使", "造成", "以致", "使得", "影响了")
_LISTED_IN = 400  # longer clauses are not searched for inline lists
_CLAUSE_END = re.compile("[,:]|(?<![不非])但(?!凡)")
_LEAD = re.compile(
    r"(?:[,:、;]|但是|但|然而|不过|另外|此外|其中|比如|例如|譬如|如(?!何|实|期)|主要(?:问题)?(?:是|有|表现(?:在|为|是)?|体现(?:在|为)?)|"
    r"(?:政府|政务|信息|公开|工作|中)*(?:存在)?的?(?:主要|突出)?(?:问题|不足)(?:及|和|与)其?(?:改进|整改)(?:情况|措施|工作)|"
    r"(?:具体)?表现(?:在|为)|并且|并(?!未|不)|以及|而且|且|即(?!时)|(?:也|还|仍)?存在(?:着|的)?(?!的|感))*"
)
_FRAME_LEAD = re.compile(
    r"[^;。]{0,40}?(?:存在|还有|仍有)(?:着|了|的)?(?:一些|一定的|部分|个别)?(?:的?(?:主要|突出)?(?:问题|不足)(?:主要)?(?:是|有|为|在于))?"
)
_TAIL = re.compile(
    r"(?:等(?:方面|几个方面|多方面)?(?:的)?(?:一些|诸多|突出|主要)?(?:问题|不足|情况|现象|困难|短板|弱项|薄弱环节)?|的(?:问题|现象|情况|不足))"
    r"(?:还|仍)?(?:较为?突出|一定程度(?:上)?)?(?:存在|有待[^,]{2,6})?$"
)


@dataclass(frozen=True)
class Clause:
    """A stretch between commas, and the sign before it."""

    start: int
    stop: int
    text: str
    before: str


@dataclass(frozen=True)
class Piece:
    """A stretch of the view and its kind; `core` is false for what only accompanies a statement."""

    kind: str
    start: int
    stop: int
    themes: tuple[str, ...] = ()
    core: bool = True


def split_clauses(view: View, sentence: Sentence) -> list[Clause]:
    """Cut a sentence at commas, colons and before 但.

    Examples
    --------
    >>> from toolkit.narrative.marks import find_sentences, read_view
    >>> view = read_view("虽有成效但仍有不足,更新慢", lambda line, alone: False, lambda line: False)
    >>> [clause.text for clause in split_clauses(view, find_sentences(view)[0])]
    ['虽有成效', '但仍有不足', '更新慢']
    """
    clauses: list[Clause] = []
    at, before = sentence.start, ""
    for match in _CLAUSE_END.finditer(view.text, sentence.start, sentence.stop):
        place, sign = match.start(), match[0]
        if place > at:
            clauses.append(Clause(at, place, view.text[at:place], before))
        at, before = (place, "") if sign == "但" else (place + 1, sign)
    if at < sentence.stop:
        clauses.append(Clause(at, sentence.stop, view.text[at : sentence.stop], before))
    return clauses


class _Grouping:
    """Clauses of one sentence becoming pieces: the open one, and where a clause waits for the next."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.found: list[Piece] = []
        self.current: Piece | None = None
        self.held: int | None = None

    def start(self, start: int, stop: int, themes: tuple[str, ...], core: bool = True) -> None:
        self.close()
        self.current = Piece(self.kind, start if self.held is None else self.held, stop, themes, core)
        self.held = None

    def extend(self, stop: int, themes: tuple[str, ...] = (), core: bool = False) -> None:
        assert self.current is not None
        open_one = self.current
        self.current = replace(open_one, stop=stop, themes=open_one.themes or themes, core=open_one.core or core)
        self.held = None

    def hold(self, start: int) -> None:
        self.held = start if self.held is None else self.held

    def drop(self, clause: Clause, kind: str) -> None:
        self.close()
        self.found.append(Piece(kind, clause.start, clause.stop, core=False))
        self.held = None

    def close(self) -> None:
        self.found += [self.current] if self.current else []
        self.current = None

    def finish(self, stop: int, in_item: bool) -> list[Piece]:
        if self.held is not None and self.current:
            self.extend(stop)
        elif self.held is not None:
            self.found.append(Piece(self.kind if in_item else "other", self.held, stop, core=False))
        self.close()
        return self.found


def group_problems(clauses: list[Clause], in_item: bool) -> list[Piece]:
    """Return the pieces of clauses among problems; `in_item` tells that they stand in an enumerated item.

    Examples
    --------
    >>> from toolkit.narrative.marks import find_sentences, read_view
    >>> view = read_view("更新不及时,人员力量不足", lambda line, alone: False, lambda line: False)
    >>> clauses = split_clauses(view, find_sentences(view)[0])
    >>> [view.text[piece.start : piece.stop] for piece in group_problems(clauses, in_item=False)]
    ['更新不及时', '人员力量不足']
    """
    clauses = [part for clause in clauses for part in _split_list(clause)]
    group = _Grouping("problem")
    heads_list = False
    for clause, following in zip(clauses, [*clauses[1:], None], strict=True):
        after = following.text if following else ""
        role = say.problem_role(clause.text, after, bool(group.current), in_item)
        if role in ("other", "achievement"):
            group.drop(clause, role)
        elif role == "cause":
            group.hold(clause.start)
        elif role == "deficit":
            themes = themes_of(clause.text)
            is_own = not group.current or _is_own_deficit(clause, themes, group.current, heads_list)
            heads_list = is_own and (heads_list or clause.before != "、")
            if is_own:
                group.start(clause.start, clause.stop, themes)
            else:
                group.extend(clause.stop, themes)
        else:
            group.extend(clause.stop)
    return group.finish(clauses[-1].stop, in_item)


def _is_own_deficit(clause: Clause, themes: tuple[str, ...], current: Piece, in_list: bool) -> bool:
    deficit = find_deficit(clause.text)
    if clause.text.startswith(_CONSEQUENCE):
        return False
    if not deficit or not say.has_subject(clause.text, deficit) or set(themes) & set(current.themes):
        return False
    # Parts of a 、 list stand as equals (人员少、经费少); behind a comma a clause without a theme may be a consequence.
    return bool(themes) or (in_list and clause.before == "、")


def group_measures(clauses: list[Clause], in_item: bool, title_themes: tuple[str, ...]) -> list[Piece]:
    """Return the pieces of clauses among measures; the first belongs to a title of `title_themes`.

    Examples
    --------
    >>> from toolkit.narrative.marks import find_sentences, read_view
    >>> view = read_view("我局将加强培训,提高业务水平,完善公开平台", lambda line, alone: False, lambda line: False)
    >>> clauses = split_clauses(view, find_sentences(view)[0])
    >>> [view.text[piece.start : piece.stop] for piece in group_measures(clauses, False, ())]
    ['加强培训,提高业务水平', '完善公开平台']
    """
    clauses = [part for clause in clauses for part in _split_measures(clause)]
    group = _Grouping("improvement")
    with_instrument = False
    for clause in clauses:
        role = say.measure_role(clause.text, bool(group.current), in_item)
        themes = themes_of(clause.text)
        if role == "other":
            group.drop(clause, role)
        elif role == "context":
            group.hold(clause.start)
        elif group.current is None:
            start = clause.start + measures.after_plan(clause.text, in_item)
            group.start(start, clause.stop, title_themes + themes, role == "measure" or bool(themes))
        elif role == "measure" and not with_instrument and _is_own_measure(clause, themes, group.current):
            group.start(clause.start, clause.stop, themes)
        else:
            group.extend(clause.stop, themes, role == "measure" or bool(themes))
        with_instrument = measures.names_instrument(clause.text)
    return group.finish(clauses[-1].stop, in_item)


def _is_own_measure(clause: Clause, themes: tuple[str, ...], current: Piece) -> bool:
    if clause.before == "、":
        return not set(themes) & set(current.themes)
    return themes_differ(themes, current.themes)


def merge_pieces(found: list[Piece]) -> list[Piece]:
    """Return one piece for pieces of one kind, the pieces themselves if their kinds differ.

    Examples
    --------
    >>> merge_pieces([Piece("problem", 0, 4, ("staff",)), Piece("problem", 5, 9, ("platform",))])
    [Piece(kind='problem', start=0, stop=9, themes=('staff', 'platform'), core=True)]
    """
    if len({piece.kind for piece in found}) != 1:
        return found
    themes = tuple(theme for piece in found for theme in piece.themes)
    return [replace(found[0], stop=found[-1].stop, themes=themes)]


def promote_lone_gap(view: View, pieces: list[Piece]) -> list[Piece]:
    """A gap formula frames the problems that follow it; alone it is the one problem named.

    Examples
    --------
    >>> from toolkit.narrative.marks import find_sentences, read_view
    >>> view = read_view("与上级要求还有差距", lambda line, alone: False, lambda line: False)
    >>> [piece.kind for piece in promote_lone_gap(view, [Piece("other", 0, len(view.text))])]
    ['problem']
    """
    if any(piece.kind == "problem" for piece in pieces):
        return pieces
    gaps = [piece.kind == "other" and say.is_gap(view.text[piece.start : piece.stop]) for piece in pieces]
    return [replace(piece, kind="problem") if gap else piece for piece, gap in zip(pieces, gaps, strict=True)]


def themes_differ(these: tuple[str, ...], those: tuple[str, ...]) -> bool:
    """Tell whether both have themes and share none.

    Examples
    --------
    >>> themes_differ(("staff",), ("platform",)), themes_differ(("staff",), ())
    (True, False)
    """
    return bool(these and those) and not set(these) & set(those)


def _split_list(clause: Clause) -> list[Clause]:
    """Cut at 、 where each part has a deficit of its own; other parts stay with their neighbour."""
    if "、" not in clause.text or len(clause.text) > _LISTED_IN:
        return [clause]
    parts: list[Clause] = []
    begin = at = 0
    for text in clause.text.split("、"):
        end = at + len(text)
        deficit = find_deficit(text)
        if parts and deficit and begin == at and not say.has_subject(text, deficit):
            parts[-1] = replace(parts[-1], stop=clause.start + end, text=f"{parts[-1].text}、{text}")
            begin = end + 1
        elif deficit or end == len(clause.text):
            before = "、" if parts else clause.before
            parts.append(Clause(clause.start + begin, clause.start + end, clause.text[begin:end], before))
            begin = end + 1
        at = end + 1
    return parts


def _split_measures(clause: Clause) -> list[Clause]:
    """Cut at 、 where each part has an action and an object of its own: 将完善内容、加快更新."""
    head = measures.after_plan(clause.text, False)
    texts = clause.text[head:].split("、")
    own = len(texts) > 1 and all(measures.names_object(text) for text in texts)
    if not own or len(clause.text) > _LISTED_IN:
        return [clause]
    parts: list[Clause] = []
    at = 0
    for text in [clause.text[:head] + texts[0], *texts[1:]]:
        before = "、" if parts else clause.before
        parts.append(Clause(clause.start + at, clause.start + at + len(text), text, before))
        at += len(text) + 1
    return parts


def trim(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return a statement's place without connectives and frames before it and 等问题 behind it.

    Examples
    --------
    >>> text = "但我局信息公开还存在更新不及时等问题"
    >>> start, stop = trim(text, 0, len(text))
    >>> text[start:stop]
    '更新不及时'
    """
    lead = _LEAD.match(text, start, stop)
    start = lead.end() if lead else start
    frame = _FRAME_LEAD.match(text, start, stop)
    if frame and stop - frame.end() >= 4 and say.is_filler(frame[0]) and not say.is_gap(text[start:stop]):
        start = frame.end() if find_deficit(text[frame.end() : stop]) else start
    tail = _TAIL.search(text, max(start, stop - 40), stop)
    return start, tail.start() if tail and tail.start() > start else stop
