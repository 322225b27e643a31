"""The clinical chapter and the page of a pack say what the pack asks, from the pack itself."""

import pytest

from ambit.access.queries import operator
from ambit.casefinding import chapter
from ambit.design.refusals import Refused
from ambit.packs.actions import sign_off
from ambit.packs.library import library
from ambit.population.search.criteria import NotInRecords, leaves

PACKS = library().of_kind("casefinding")
# every case-finding row of the table in the reference of identification tools
TABLE = {
    "qof-pc001", "uk-eol-codes", "ed-2015", "spict-2014", "spict-2026-paraphrase", "gsf-pig", "necpal", "radpac", "efi-1",
    "efi-2-import", "qmortality-import", "early-import", "cfs", "hfrs", "cristal-ed", "wales-tool", "cyp-llc-fraser",
    "cyp-spectrum", "tfsl-1-4", "consensus",
}  # fmt: skip


def test_every_row_of_the_table_is_a_pack_with_a_page():
    assert {pack.id for pack in PACKS} >= TABLE
    assert chapter.pages(library()).keys() == {"README.md", *(f"{pack.id}.md" for pack in PACKS)}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_page_says_all_that_a_pack_asks(pack):
    page = chapter.pages(library())[f"{pack.id}.md"]
    assert pack.reviewer == ""  # nobody real has reviewed one
    assert "Not reviewed by a clinician" in page
    for words in (pack.title, *pack.awaits, *(named.says for named in pack.content.criteria)):
        assert " ".join(words.split()) in page
    never = [leaf.why for n in pack.content.criteria for leaf in leaves(n.criterion) if isinstance(leaf, NotInRecords)]
    assert ("## What no record says" in page) == (bool(never) and pack.id != "consensus")
    examples = page.partition("## Worked examples")[2]
    assert "| Is found as |" in examples
    found = {line.split(" | ")[1] for line in examples.splitlines() if line.startswith("| ") and line.count(" | ") == 2}
    assert {tier.name for tier in pack.content.tiers} <= found  # each degree has an example, and so has nobody
    assert "nobody" in found


def test_the_page_of_a_pack_is_read_before_it_is_signed_off(client_as):
    administrator = client_as("system_administrator")
    assert "Waits for a list" in administrator.get("/packs/").text
    page = administrator.get("/packs/casefinding/hfrs/").text
    assert "Sign off for use here" not in page  # its list must come first
    with pytest.raises(Refused, match="is not shipped"):
        sign_off(by=operator(), kind="casefinding", pack_id="hfrs", seen="", note="Read")
    assert "109 ICD-10 codes" in page
    assert "More than 15 points" in page
    assert "15.1" in page
    assert "What no record says" in administrator.get("/packs/casefinding/gsf-pig/").text
