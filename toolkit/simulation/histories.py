"""Bodies over the years: what they count, what they name, and from whom they copy."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from toolkit.simulation.bodies import Body, families
from toolkit.simulation.chapter_five import ChapterFive, Statement, compose_chapter, improvements, problems
from toolkit.simulation.contradictions import ELSEWHERE, PLANTS, findings_above
from toolkit.simulation.counts import Habit, Year, figures, habit, own_year, shifts_of, total_of
from toolkit.simulation.filing import PRINTED_ZEROS, Copied, Filing, form_of, published_on, scope_of
from toolkit.simulation.sheet import compose
from toolkit.simulation.themes import LINKS, propensity, themes

#: Formats, and the shapes of each with their weights; those that keep empty cells come first.
SHAPES_OF = {
    "html": {"html_clean": 92, "html_script": 5, "html_site": 3},
    "text": {"text_open_rows": 20, "text_tabbed_rows": 25, "text_barred_rows": 20, "text_cell_lines": 35},
}
SUFFIX = {"html": ".html", "text": ".txt"}
_EFFECTS = [(link.theme, link.target, link.size) for link in LINKS]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the caller of ``simulate`` asked for."""

    seed: int
    years: tuple[int, ...]
    formats: tuple[str, ...]
    contradictions: float
    copied: float


@dataclass(slots=True)
class Member:
    """A body with what lasts, and its years so far."""

    body: Body
    number: int
    traits: Habit
    leaning: dict[str, float]
    zeros: str
    own: dict[int, Year] = field(default_factory=dict)
    filings: dict[int, Filing] = field(default_factory=dict)


def histories(plan: Plan) -> Iterator[Member]:
    """Yield every body with all its filings, governments before what is below them."""
    for bodies in families(plan.seed):
        members = [_member(body, number, plan) for number, body in enumerate(bodies, start=1)]
        for year in plan.years:
            _count_year(members, year, plan)
        for member in members:
            _contradict(member, plan)
        for member in members:
            _compare_with_children(member, members)
        yield from reversed(members)


def _compare_with_children(member: Member, members: Sequence[Member]) -> None:
    children = [one for one in members if one.body.parent_id == member.body.agency_id]
    for year, filing in member.filings.items():
        below = [one.filings[year] for one in children if not one.filings[year].duplicate_of]
        filing.follows = list(findings_above(filing.figures, [one.figures for one in below]))


def _member(body: Body, number: int, plan: Plan) -> Member:
    rng = random.Random(f"body {plan.seed} {body.agency_id}")
    zeros = rng.choices(list(PRINTED_ZEROS), list(PRINTED_ZEROS.values()))[0]
    return Member(body, number, habit(body, rng), propensity(rng), zeros)


def _count_year(members: Sequence[Member], year: int, plan: Plan) -> None:
    below: dict[str, list[Year]] = {}
    peers: dict[tuple[str, str], list[Filing]] = {}
    for member in members:
        body = member.body
        rng = random.Random(f"year {plan.seed} {body.agency_id} {year}")
        filed = peers.setdefault((body.parent_id, body.level), [])
        chapter, copied = _chapter(member, year, filed, plan.copied, rng)
        named = {code for one in chapter.statements if one.kind == "problem" for code in (one.code, one.second_code)}
        own = own_year(body, member.traits, member.own.get(year - 1), shifts_of(named, _EFFECTS), rng)
        whole = total_of(below.get(body.agency_id, []), own)
        member.own[year] = own
        below.setdefault(body.parent_id, []).append(whole)
        member.filings[year] = _filing(member, year, whole, chapter, copied, plan, rng)
        filed.append(member.filings[year])


def _chapter(
    member: Member, year: int, peers: Sequence[Filing], share: float, rng: random.Random
) -> tuple[ChapterFive, list[Copied]]:
    before = member.filings.get(year - 1)
    copies = rng.random() < share
    source, kind = (before, "self") if before and rng.random() < 0.6 else (rng.choice(peers) if peers else None, "peer")
    if copies and source and source.chapter and source.chapter.statements:
        taken = source.chapter.statements
        places = [Copied(place, source.name, place, kind) for place in range(1, len(taken) + 1)]
        named = [one for one in taken if one.kind == "problem"]
        planned = [one for one in taken if one.kind == "improvement"]
        layout = source.chapter.layout
        return compose_chapter(named, planned, we=member.body.we, year=year, rng=rng, layout=layout), places
    known = (
        [one.code for one in before.chapter.statements if one.kind == "problem"] if before and before.chapter else None
    )
    named = problems(themes(member.body, member.leaning, known, rng), rng)
    planned = improvements([one.code for one in named], rng)
    return compose_chapter(named, planned, we=member.body.we, year=year, rng=rng), []


def _filing(
    member: Member, year: int, whole: Year, chapter: ChapterFive, copied: list[Copied], plan: Plan, rng: random.Random
) -> Filing:
    body, form = member.body, form_of(year, rng)
    kind = plan.formats[(member.number + year) % len(plan.formats)]
    absent = rng.random() < 0.02
    published = published_on(body, year, rng)
    return Filing(
        body=body,
        year=year,
        form=form,
        figures=figures(whole, [cell.key for cell in compose(form)]),
        whole=whole,
        chapter=None if absent else chapter,
        published=published,
        index_number=f"{body.region_code}{member.number:03d}/{year + 1}-{rng.randrange(1, 999):05d}",
        copied=[] if absent else copied,
        scope=scope_of(body, rng),
        shape=_shape(kind, member.zeros, rng),
        name=f"{year}/simulated-{body.region_code}-{member.number:03d}-{year}{SUFFIX[kind]}",
    )


def _shape(kind: str, zeros: str, rng: random.Random) -> str:
    shapes = SHAPES_OF[kind]
    return next(iter(shapes)) if zeros != "0" else rng.choices(list(shapes), list(shapes.values()))[0]


def _contradict(member: Member, plan: Plan) -> None:
    if member.body.agency_type == "government":
        return
    for year, filing in list(member.filings.items()):
        rng = random.Random(f"plant {plan.seed} {member.body.agency_id} {year}")
        if rng.random() < plan.contradictions:
            rules = [rule for rule in (*PLANTS, *ELSEWHERE) if _can_plant(rule, member, filing, plan)]
            _plant(rng.choice(rules), member, filing, rng)


def _can_plant(rule: str, member: Member, filing: Filing, plan: Plan) -> bool:
    before = member.filings.get(filing.year - 1)
    both = before is not None and before.form == filing.form != "2019"
    wanted = {
        "carry_over": before is not None,
        "stock": before is not None and before.form != "2019" and filing.form != "2019",
        "list_change": before is not None and before.form == filing.form == "2019",
        "items_as_decisions": filing.form == "2019",
        "unit_suspected": both and min(_fees(before), _fees(filing)) > 1,
        "unplaced": filing.name.endswith(".txt") and member.zeros == "0",
        "prose_agrees": filing.figures["applications", "new_received", "total"] != 0,
        "duplicate": filing.year == plan.years[-1] and before is not None and not before.planted,
    }
    return wanted.get(rule, True)


def _fees(filing: Filing | None) -> float:
    return float(filing.whole.fees) if filing else 0.0


def _plant(rule: str, member: Member, filing: Filing, rng: random.Random) -> None:
    place = ""
    if rule in PLANTS:
        place = PLANTS[rule](filing.figures, rng)
    elif rule == "prose_agrees":
        place = "applications/new_received/total"
        filing.told_received = int(str(filing.figures["applications", "new_received", "total"])) + rng.randrange(2, 9)
    elif rule == "year_agrees":
        filing.period = filing.year - 1
    elif rule == "form_fits_year":
        filing.form = "2021" if filing.form == "2019" else "2019"
        filing.figures = figures(filing.whole, [cell.key for cell in compose(filing.form)])
    elif rule == "duplicate":
        # The body's last report is not published; last year's stands there once more.
        original = member.filings[filing.year - 1]
        name = filing.name.replace(f"-{filing.year}.", f"-{original.year}-again.")
        name = name.rsplit(".", 1)[0] + "." + original.name.rsplit(".", 1)[1]
        member.filings[filing.year] = replace(original, name=name, duplicate_of=original.name, planted=[(rule, place)])
        return
    if rule == "unplaced":
        filing.shape = "text_cell_lines"
    filing.planted.append((rule, place))


def statements_of(filing: Filing) -> tuple[Statement, ...]:
    """Return the statements of a filing's chapter five; none where it has no such chapter."""
    return filing.chapter.statements if filing.chapter else ()
