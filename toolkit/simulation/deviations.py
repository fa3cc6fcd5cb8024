"""How published reports deviate from the form, each under a name.

``DEVIATIONS`` joins the four families: labels, tables, cells, pages. A deviation changes
a draft in place; every random choice comes from the generator it is given.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from toolkit.simulation.deviations_cells import CELL_DEVIATIONS
from toolkit.simulation.deviations_labels import LABEL_DEVIATIONS
from toolkit.simulation.deviations_pages import PAGE_DEVIATIONS
from toolkit.simulation.deviations_tables import TABLE_DEVIATIONS
from toolkit.simulation.draft import Draft


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation: its family, and the function that changes a draft."""

    family: str
    apply: Callable[[Draft, random.Random], None]


DEVIATIONS: dict[str, Deviation] = {
    name: Deviation(family, apply)
    for family, group in (
        ("labels", LABEL_DEVIATIONS),
        ("tables", TABLE_DEVIATIONS),
        ("cells", CELL_DEVIATIONS),
        ("pages", PAGE_DEVIATIONS),
    )
    for name, apply in group.items()
}
