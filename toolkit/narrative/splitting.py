"""One reading of a chapter five from its first character to its last: sentences -> pieces of problems and improvements.

Sentences and enumerators come from `marks`, what a clause says from `predicates` and `measures`. The reading remembers
whether it stands among problems or among improvements; headings, transitions (针对以上问题, 下一步) and a numbering
that starts anew turn it. One predicate with its own subject is one statement; neighbouring clauses of one theme, a
title and its detail, a cause and its clause stay together.
"""

from __future__ import annotations

from dataclasses import replace

from toolkit.narrative import measures
from toolkit.narrative import predicates as say
from toolkit.narrative.clauses import (
    Clause,
    Piece,
    group_measures,
    group_problems,
    merge_pieces,
    split_clauses,
    themes_differ,
)
from toolkit.narrative.cues import find_deficit
from toolkit.narrative.marks import Mark, Sentence, View
from toolkit.narrative.progress import solved_until

_TITLE_LENGTH = 18


class Splitting:
    """One reading of a chapter: the mode it is in, the numbering met so far, and the pieces found.

    Examples
    --------
    >>> from toolkit.narrative.marks import find_sentences, read_view
    >>> view = read_view("更新不及时。下一步,加强培训。", lambda line, alone: False, lambda line: False)
    >>> [(piece.kind, view.text[piece.start : piece.stop]) for piece in Splitting(view).read(find_sentences(view))]
    [('problem', '更新不及时'), ('other', '下一步'), ('improvement', '加强培训')]
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.mode = "problem"
        self.numbers: dict[str, tuple[int, str]] = {}
        self.pieces: list[Piece] = []
        self.item_start = 0  # number of pieces before the current item
        self.in_item = False
        self.goes_on = False  # the item's number follows the one before
        self.reviewing = False  # among what was done about last year's problems
        self.title_open = False  # the item has so far only its title
        self.title_themes: tuple[str, ...] = ()

    def read(self, sentences: list[Sentence]) -> list[Piece]:
        """Return the pieces of a chapter's sentences, in order."""
        for this, following in zip(sentences, [*sentences[1:], None], strict=False):
            if this.mark:
                self._enter_item(this.mark)
            elif this.new_line and not self.title_open:
                self.in_item = self.goes_on = False
            clauses = split_clauses(self.view, this)
            kind = say.heading_kind("".join(clause.before + clause.text for clause in clauses))
            if kind:
                self._enter_heading(kind, this)
            elif clauses:
                clauses = self._skip_solved(this, clauses)
            if clauses and not kind:
                self._read_sentence(this, following, clauses)
        return self.pieces

    def _skip_solved(self, sentence: Sentence, clauses: list[Clause]) -> list[Clause]:
        """Last year's problems told as mended are no problems of this year; what follows is what was done."""
        stop = solved_until(self.view.text[sentence.start : sentence.stop]) + sentence.start
        if stop == sentence.start:
            return clauses
        self._turn("improvement", sentence.mark)
        self.reviewing, self.numbers = True, {}
        told = [clause for clause in clauses if clause.start < stop]
        self.pieces.append(Piece("other", sentence.start, told[-1].stop, core=False))
        return clauses[len(told) :]

    def _enter_item(self, mark: Mark) -> None:
        number, mode = self.numbers.get(mark.style, (0, self.mode))
        # A measure told inside an item (更新不及时,下一步将…) ends where the list of problems goes on.
        self.goes_on = mark.number > 1 and mark.number == number + 1
        if self.goes_on:
            self.mode = mode
        self.numbers[mark.style] = (mark.number, self.mode)
        self.item_start, self.in_item, self.title_open = len(self.pieces), True, False

    def _enter_heading(self, kind: str, sentence: Sentence) -> None:
        self.mode = "improvement" if kind == "improvement" else "problem"
        self.numbers = {sentence.mark.style: (sentence.mark.number, self.mode)} if sentence.mark else {}
        self.in_item = self.title_open = self.reviewing = False
        self.item_start = len(self.pieces) + 1
        self.pieces.append(Piece("other", sentence.start, sentence.stop, core=False))

    def _read_sentence(self, sentence: Sentence, following: Sentence | None, clauses: list[Clause]) -> None:
        if self.mode == "problem" and self._begins_measures(clauses, sentence):
            self._turn("improvement", sentence.mark)
        opens_list = following is not None and following.mark is not None and following.mark.number == 1
        found = self._read_clauses(clauses, sentence, opens_list and not sentence.mark)
        title = self._is_title(sentence, following)
        detail = self.mode == "problem" and (self.title_open or say.tells_detail(clauses[0].text))
        if title or detail:
            found = merge_pieces(found)
        if self._closes_paragraph(sentence, following):
            found = [piece if piece.core else replace(piece, kind="other") for piece in found]
        self._join_to_item(found, sentence, clauses)
        if title or sentence.mark:
            self.title_themes = found[0].themes if title and found else ()
        self.title_open = title
        if title and not sentence.mark:
            self.item_start, self.in_item = len(self.pieces) - len(found), True

    def _turn(self, mode: str, mark: Mark | None, announced: bool = False) -> None:
        self.mode, self.reviewing = mode, False
        if announced:
            self.numbers = {style: (number, mode) for style, (number, _) in self.numbers.items()}
        if mark:
            self.numbers[mark.style] = (mark.number, mode)

    def _begins_measures(self, clauses: list[Clause], sentence: Sentence) -> bool:
        """Tell a list of measures that nothing announced, as by a numbering that starts anew."""
        if not sentence.mark and not any(piece.kind == "problem" for piece in self.pieces[-30:]):
            return False
        if sentence.mark and self.goes_on:
            return False
        texts = [clause.text for clause in clauses]
        if any(find_deficit(text) or say.is_frame(text) or measures.turns_to_measures(text) for text in texts):
            return False
        return measures.opens_measure(texts[0]) and not say.praises("".join(texts))

    def _closes_paragraph(self, sentence: Sentence, following: Sentence | None) -> bool:
        """Tell where 推动公开工作再上新台阶 is a flourish behind the last measure and not a measure."""
        if sentence.mark or not self.pieces or self.pieces[-1].kind != "improvement":
            return False
        return following is None or "\n" in self.view.text[sentence.stop : following.start]

    def _is_title(self, sentence: Sentence, following: Sentence | None) -> bool:
        short = sentence.stop - sentence.start <= _TITLE_LENGTH and sentence.ending != ";"
        if not short or following is None or following.mark or (following.new_line and not sentence.mark):
            return False
        if sentence.mark:
            return True
        # Without an enumerator only a line that goes on with an instance shows that its first sentence is a title.
        told = self.mode == "improvement" or say.gives_instance(self.view.text[following.start : following.stop])
        return sentence.new_line and told

    def _read_clauses(self, clauses: list[Clause], sentence: Sentence, opens_list: bool) -> list[Piece]:
        found: list[Piece] = []
        begin = 0
        for number, clause in enumerate(clauses):
            mode = self._mode_of(clause)
            if mode != self.mode:
                found += self._group(clauses[begin:number], False)
                announced = any(measures.frames_plans(later.text) for later in clauses[number:])
                self._turn(mode, None if number else sentence.mark, announced)
                self.reviewing = mode == "improvement" and say.recalls_problems(clause.text)
                begin = number
        return found + self._group(clauses[begin:], opens_list)

    def _mode_of(self, clause: Clause) -> str:
        if self.view.text[clause.stop : clause.stop + 1] == ":":
            heading = say.heading_kind(clause.text)
            if heading in ("problem", "improvement"):
                return heading
        if self.mode == "improvement":
            turns = say.turns_to_problems(clause.text, not self.in_item, self.reviewing and not self.in_item)
            return "problem" if turns else self.mode
        return "improvement" if measures.turns_to_measures(clause.text) and not say.is_frame(clause.text) else self.mode

    def _group(self, clauses: list[Clause], opens_list: bool) -> list[Piece]:
        if not clauses:
            return []
        if self.mode == "problem":
            return group_problems(clauses, self.in_item)
        if opens_list:
            return [Piece("other", clauses[0].start, clauses[-1].stop, core=False)]
        return group_measures(clauses, self.in_item, self.title_themes if self.title_open else ())

    def _join_to_item(self, found: list[Piece], sentence: Sentence, clauses: list[Clause]) -> None:
        last = self.pieces[-1] if len(self.pieces) > self.item_start else None
        if last and found and last.kind == found[0].kind and self._belongs(last, found[0], sentence, clauses):
            found[0] = replace(last, stop=found[0].stop, themes=last.themes + found[0].themes)
            self.pieces.pop()
        self.pieces += found

    def _belongs(self, last: Piece, first: Piece, sentence: Sentence, clauses: list[Clause]) -> bool:
        if sentence.mark or (sentence.new_line and not self.in_item) or last.kind not in ("problem", "improvement"):
            return False
        if last.kind == "problem" and say.tells_detail(clauses[0].text):
            return True
        if not self.in_item or self.title_open:
            return self.in_item
        after_semicolon = self.view.text[sentence.start - 1] == ";"
        same_theme = not themes_differ(first.themes, self.title_themes or last.themes)
        return not first.core or (not after_semicolon and same_theme)
