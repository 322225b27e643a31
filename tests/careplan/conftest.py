from ambit.careplan.registry import KIND
from ambit.packs.kinds import KINDS

KINDS.setdefault("careplans", KIND)
