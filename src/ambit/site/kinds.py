"""The kinds of pack each slice registers. A kind may use those registered before it."""

from ambit.careplan import kind as careplan
from ambit.careplan import transitions
from ambit.casefinding import chapter as casefinding
from ambit.improvement import evidence_kind
from ambit.improvement import kind as improvement
from ambit.measures import kind as measures
from ambit.mycare import easy_read
from ambit.outcomes import kind as outcomes
from ambit.packs.kinds import register
from ambit.population.codelists import reading as codelists

register(codelists.KIND)
register(casefinding.KIND)
register(careplan.KIND)
register(transitions.KIND)
register(outcomes.KIND)
register(outcomes.WORDINGS)
register(easy_read.KIND)
register(measures.AREAS)
register(measures.KIND)
register(improvement.SCALES)
register(improvement.KIND)
register(improvement.CROSSWALKS)
register(evidence_kind.RULES)
