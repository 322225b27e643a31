from ambit.careplan.kind import KIND
from ambit.packs.kinds import KINDS

KINDS.setdefault("careplans", KIND)
