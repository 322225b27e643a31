"""A plan as an engineer reads it: what is counted once, in words, and which packs ask for it."""

from collections import defaultdict

from ambit.population.search.criteria import every_criterion, leaves
from ambit.population.search.plan import (
    Count,
    EncounterCount,
    Feature,
    LastDay,
    LatestAndBest,
    LatestValue,
    Plan,
    Prescribed,
    Present,
    Spread,
    features_of,
)
from ambit.population.search.words import amount, before_latest, codes_in_words, kind_in_words, or_


def plan_in_words(plan: Plan) -> str:
    """A line for each feature: its column in the SQL, what it is, and the packs whose criteria share it."""
    asked_by: dict[Feature, dict[str, None]] = defaultdict(dict)
    for pack in plan.packs:
        for criterion in every_criterion(pack):
            for leaf in leaves(criterion):
                for feature in features_of(leaf):
                    asked_by[feature][pack.id] = None
    lines = [f"One scan of the events joined to {len(plan.lists)} code lists, then {len(plan.features)} features:"]
    for feature, column in plan.features.items():
        lines.append(f"  {column}: {_feature(feature, plan)} ({', '.join(asked_by[feature])})")
    return "\n".join(lines)


def _feature(feature: Feature, plan: Plan) -> str:
    if isinstance(feature, LatestAndBest):
        best = "highest" if feature.direction == "fall" else "lowest"
        since = before_latest(feature.within) if feature.from_latest else feature.within.in_words(plan.on)
        latest = feature.latest_within.in_words(plan.on)
        return f"latest {codes_in_words(feature.codes, {})} in {feature.unit} {latest}, and the {best} {since}"
    return f"{_counted(feature)} {feature.within.in_words(plan.on)}"


def _counted(feature: Feature) -> str:
    """What a feature with one window says, but for the window."""
    if isinstance(feature, EncounterCount):
        several = or_([kind_in_words(kind) for kind in feature.counted])
        perhaps = (
            f", perhaps also {or_([kind_in_words(kind) for kind in feature.possibly])}," if feature.possibly else ""
        )
        return f"how many {'days with' if feature.of == 'days' else 'times'} {several}{perhaps}"
    if isinstance(feature, Prescribed):
        return "how many different medicines"
    codes = codes_in_words(feature.codes, {})
    if isinstance(feature, Present):
        return f"whether {codes} is recorded{_ended(feature.ended)}"
    if isinstance(feature, Count):
        often = {
            "records": f"how many times {codes} is",
            "days": f"on how many days {codes} is",
            "lists": f"how many kinds of {codes} are",
        }
        return f"{often[feature.of]} recorded{_ended(feature.ended)}"
    if isinstance(feature, LatestValue):
        return f"latest {codes} in {feature.unit} ({feature.ties} of that day)"
    if isinstance(feature, LastDay):
        return f"last day of {codes}"
    if isinstance(feature, Spread):
        compared = f"{feature.compare.replace('_', ' ')} {amount(feature.value)} {feature.unit}"
        return f"days from the first to the last {codes} {compared}"
    return f"points of {codes}"


def _ended(ended: str) -> str:
    return " and not ended" if ended == "excluded" else ""
