"""From forms to the nodes of a plan: in which fields they are looked for, and what they count there."""

from collections.abc import Collection, Sequence

from indexer.model import Via
from indexer.query import plan
from indexer.query.forms import WAYS, Form, Slot, folded_terms
from indexer.query.plan import TEXT_FIELDS, Node

TITLE_WEIGHT = 1.1
"""The title against the body: claims want it heavy, other outlets' articles light (`docs/relevance.md`)."""

REGIONS = {"body": ("", 1.0), "title": ("title_", TITLE_WEIGHT)}
"""Region → the beginning of its fields' names, and what it counts."""


def terms_of(forms: Sequence[Form], field: str | None, level: Collection[Via] = WAYS) -> Node:
    """Any of the forms of some ways: views add up, within a view the best form counts.

    Args:
        field: `title` or `body` where only one of them is looked at.
    """
    best: dict[str, dict[str, float]] = {view: {} for view in TEXT_FIELDS}
    for form in forms:
        if form.via in level:
            terms = best[form.view]
            terms[form.term] = max(form.weight, terms.get(form.term, 0.0))
    nodes = [
        plan.Terms(prefix + view, tuple((term, weight * factor) for term, weight in terms.items()), "max")
        for region, (prefix, factor) in REGIONS.items()
        if field in (None, region)
        for view, terms in best.items()
        if any(terms.values())
    ]
    return plan.any_of(nodes)


def phrase_of(slots: Sequence[Slot], field: str | None, slop: int | None = None, weight: float = 1.0) -> Node:
    """A phrase in title and body, or in the one of them that is asked for."""
    terms = tuple(folded_terms(slot) for slot in slots)
    return plan.any_of(
        [
            plan.Phrase(prefix + "folded", terms, slop, weight * factor)
            for region, (prefix, factor) in REGIONS.items()
            if field in (None, region)
        ]
    )
