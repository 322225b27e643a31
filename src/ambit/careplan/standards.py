"""How a record content standard is read: its items, and which item of the plan answers each."""

from collections.abc import Sequence

from ambit.careplan import rules
from ambit.careplan.reading import DECISIONS
from ambit.packs.kinds import Coverage, Draft
from ambit.packs.reading import Place
from ambit.packs.rules import Pack


def read_standard(draft: Draft) -> rules.Standard:
    """A standard's lines; an item of the plan that it names must be there."""
    for name in ("plan", "ages"):
        if name not in draft.entries:
            draft.place.refuse(f"“{name}” is missing in a standard. Add “{name}: …”.")
    plan_id = draft.entries["plan"].text(what="plan")
    found = draft.library.get("careplans", plan_id)
    plan = found.content if found is not None and found.ok else None
    if not isinstance(plan, rules.Plan):
        draft.entries["plan"].refuse(f"There is no plan “{plan_id}” without problems. Mend that first.")
    ages = draft.entries["ages"].one_of(rules.AGES, what="ages")
    seen: set[str] = set()
    return rules.Standard(
        title=draft.entries["title"].text(what="title"),
        plan=plan_id,
        ages=ages,
        items=tuple(draft.entries["items"].each(lambda place: _asked(place, plan, seen), what="items")),
        known_in_part="known_in_part" in draft.entries and draft.entries["known_in_part"].flag(what="known_in_part"),
    )


def _asked(place: Place, plan: rules.Plan, seen: set[str]) -> rules.Asked:
    lines = place.only(
        {"id", "title", "status", "group", "items", "elsewhere", "refused"},
        required=("id", "title", "status"),
        what="an item of a standard",
    )
    asked_id = lines["id"].text(what="id")
    if asked_id in seen:
        lines["id"].refuse(f"“{asked_id}” is used twice. Give this one another id.")
    seen.add(asked_id)
    if "refused" in lines and ("items" in lines or "elsewhere" in lines):
        lines["refused"].refuse("An item is either held somewhere or refused. Keep one of the two.")
    return rules.Asked(
        id=asked_id,
        title=lines["title"].text(what="title"),
        status=lines["status"].one_of(rules.STATUSES, what="status"),
        group=lines["group"].text(what="group") if "group" in lines else "",
        items=tuple(lines["items"].each(lambda item: _held(item, plan), what="items")) if "items" in lines else (),
        elsewhere=tuple(lines["elsewhere"].each(lambda held: held.text(what="elsewhere"), what="elsewhere"))
        if "elsewhere" in lines
        else (),
        refused=lines["refused"].text(what="refused") if "refused" in lines else "",
    )


def _held(place: Place, plan: rules.Plan) -> str:
    """An item of the plan, a part of its rows (`section.rows/part`), or a field of a decision."""
    written = place.text(what="items")
    item_id, _, part = written.partition("/")
    item = plan.item(item_id)
    if item is not None and (not part or part in {one.id for one in item.items}):
        return written
    decision, _, field = written.partition(".")
    section = plan.section(decision)
    if section is None or field not in DECISIONS.get(section.decision, ()):
        place.refuse(
            f"“{written}” is no item of the plan, no part of its rows, and no field of a decision."
            f" Items are written “section.item”, parts “section.item/part”."
        )
    return written


def coverage(packs: Sequence[Pack]) -> Coverage:
    """Every item of every standard, and whether it is held: what `ambit packs coverage careplans` answers."""
    found = [(pack, pack.content) for pack in packs if isinstance(pack.content, rules.Standard)]
    return Coverage(
        answer={
            "standards": [
                {
                    "id": pack.id,
                    "title": pack.title,
                    "known_in_part": standard.known_in_part,
                    "items": [
                        {
                            "id": asked.id,
                            "title": asked.title,
                            "status": asked.status,
                            "implemented": asked.implemented,
                            "reason": asked.reason,
                        }
                        for asked in standard.items
                    ],
                }
                for pack, standard in found
            ]
        },
        headings=("Standard", "Item", "Title", "Status", "Held", "Where, or why not"),
        rows=tuple(
            (pack.id, asked.id, asked.title, asked.status, "yes" if asked.implemented else "NO", asked.reason)
            for pack, standard in found
            for asked in standard.items
        ),
        words="\n".join(
            f"{pack.title}: {sum(asked.implemented for asked in standard.items)} of {len(standard.items)} items held."
            + (" Known in part: the rest comes by file." if standard.known_in_part else "")
            for pack, standard in found
        ),
    )
