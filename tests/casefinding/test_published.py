"""Published numbers of the tools that the packs follow, reproduced to the decimal that was printed; each test cites its source."""

import csv
import os
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ambit.packs.library import check_examples, library
from ambit.packs.queries import site_library
from ambit.population.codelists import actions as codelists
from ambit.population.codelists.rules import ICD10
from ambit.population.search.accuracy import Accuracy, one_decimal, predictive_value
from ambit.population.search.criteria import Named, Points, Ref, SearchPack, Tier
from ambit.population.search.interpret import EventRow, Record, interpret

DATA = Path(os.environ.get("AMBIT_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FRAILTY = DATA / "hospital-frailty-risk-score" / "hfrs_icd10_weights.csv"
CHILDREN = DATA / "codelists-icd10-life-limiting-children" / "llc_fraser_v1.csv"
QMORTALITY = DATA / "palliative-need-methods" / "qmortality_table5.csv"


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.is_file(), reason=f"AMBIT_TEST_DATA names no folder with {path.name}")


def pack(name):
    return site_library().get("casefinding", name).content


def test_necpal_confusion_matrices():
    """Gómez-Batiste 2016: 1,059 people over 24 months; the rates of the paper from the counts rebuilt from them."""
    asked, positive = (Accuracy(*told.counts) for told in pack("necpal").published)
    assert (asked.tp + asked.fp, asked.fn + asked.tn, positive.tp + positive.fp, positive.fn + positive.tn) == (
        837,
        222,
        780,
        279,
    )
    assert [float(v) for v in asked.percent.values()] == [91.4, 28.7, 44.6, 84.2]
    assert [float(v) for v in positive.percent.values()] == [87.5, 35.0, 45.8, 81.7]


@pytest.mark.parametrize(("prevalence", "percent"), [("0.05", "12.6"), ("0.25", "47.8"), ("0.01", "2.7")])
def test_the_surprise_question_where_fewer_people_are_ill(prevalence, percent):
    """van Lummel 2022: sensitivity 71.4%, specificity 74.0%; 12.6% of those named die where 5% do, 47.8% where 25% do."""
    share = predictive_value(Decimal("0.714"), Decimal("0.740"), Decimal(prevalence))
    assert one_decimal(share * 100) == Decimal(percent)


def test_the_frailty_index_turns_severe_at_13_of_36():
    """Clegg 2016: cut-offs 0.12, 0.24, 0.36 of n/36. No n/36 equals one of them, so that "above" and "at least" are the same."""
    assert not {n / 36 for n in range(37)} & {0.12, 0.24, 0.36}
    bands = {limit: next(n for n in range(37) if n / 36 > limit) for limit in (0.12, 0.19, 0.24, 0.36)}
    assert bands == {0.12: 5, 0.19: 7, 0.24: 9, 0.36: 13}
    asked = {named.id: named.criterion for named in pack("efi-1").criteria}
    assert {n: asked[n].k for n in ("mild", "above-0-19", "moderate", "severe")} == {
        "mild": 5, "above-0-19": 7, "moderate": 9, "severe": 13
    }  # fmt: skip
    assert len(asked["severe"].weighted) == 36


def test_qmortality_tables_are_of_one_population():
    """Hippisley-Cox 2017, table 5: every row is of 499,478 people of whom 61,446 died."""
    told = [Accuracy(*one.counts) for one in pack("qmortality-import").published]
    assert {(t.tp + t.fp + t.fn + t.tn, t.tp + t.fn) for t in told} == {(499_478, 61_446)}
    shares = [one_decimal(Decimal(100 * (t.tp + t.fp)) / 499_478) for t in told]
    assert shares == [Decimal("1.0"), Decimal("5.0"), Decimal("10.0"), Decimal("20.0")]


@needs(QMORTALITY)
def test_qmortality_table_5_row_by_row():
    with QMORTALITY.open() as file:
        rows = list(csv.DictReader(file))
    shipped = {one.counts for one in pack("qmortality-import").published}
    for row in rows:
        told = Accuracy(*(int(row[name]) for name in ("tp", "fp", "fn", "tn")))
        assert told.tp + told.fp + told.fn + told.tn == 499_478
        assert told.tp + told.fn == 61_446
        assert [told.percent[n] for n in ("sensitivity", "specificity", "ppv", "npv")] == [
            Decimal(row[n]) for n in ("sens", "spec", "ppv", "npv")
        ]
        assert ((told.tp, told.fp, told.fn, told.tn) in shipped) == (row["top_pct"] in ("1", "5", "10", "20"))
    thresholds = {row["top_pct"]: row["risk_threshold_pct"] for row in rows}
    asked = {named.id: named.criterion for named in pack("qmortality-import").criteria}
    for top in ("1", "5", "10", "20"):
        assert asked[f"top-{top}"].value == Decimal(thresholds[top]) * 1_000_000


def test_children_per_10_000():
    """Fraser 2012 and 2020: a count over people of 0 to 19; 86,625 at 66.4 per 10,000 is of about 13.05 million."""
    assert one_decimal(Decimal(86_625) / Decimal("66.4")) * 10_000 == Decimal("13046000")


@pytest.fixture
def imported(db, reader, tmp_path, settings):
    """A site that has imported the lists which are not shipped."""
    settings.HOME = tmp_path
    for file, name in ((FRAILTY, "hospital-frailty-weights"), (CHILDREN, "llc-fraser")):
        codelists.import_list(
            by=reader("operator"), file=file, list_id=name, title="", source="as published", licence="for the test",
            system="icd10", polarity="has",
        )  # fmt: skip
    return library(tmp_path / "packs")


@needs(FRAILTY)
@needs(CHILDREN)
def test_packs_that_waited_for_a_list_run_their_examples_with_it(imported):
    shipped = library()
    for name, codes in (("hfrs", 109), ("cyp-llc-fraser", 277)):
        before, after = shipped.get("casefinding", name), imported.get("casefinding", name)
        assert before.awaits
        assert not after.awaits
        assert after.sha256 != before.sha256
        assert check_examples(after, imported)[1] == []
        ((_, used),) = after.uses
        assert len(imported.get("codelists", used).content.codes) == codes


def points_of(criterion: Points, codes: list[str]) -> int:
    """The points that the interpreter adds up: the most that it still calls reached."""
    day = date(2026, 1, 1)
    key = (criterion.codes.lists[0], "has")
    rows = tuple(
        EventRow(frozenset({key}), i, "Condition/x", ICD10, code, "", day, None, None, "", "", "", True)
        for i, code in enumerate(codes)
    )
    record = Record(date(1940, 1, 1), date(1940, 1, 1), day, None, rows, ())

    def reached(limit: int) -> bool:
        asked = Named("asked", "", replace(criterion, at_least=limit, more=False))
        return (
            interpret(SearchPack("p", (asked,), (Tier("t", "", Ref("asked")),)), record, date(2026, 11, 3)).tier == "t"
        )

    return max((limit for limit in range(0, 100_001, 100) if reached(limit)), default=0)


@needs(FRAILTY)
@needs(CHILDREN)
def test_hospital_frailty_adds_up_as_pycomorb_does(imported):
    """Gilbert 2018: points of 1,000 random records as an independent implementation (pycomorb, MIT) adds them."""
    pl = pytest.importorskip("polars", reason="pycomorb, an independent implementation, is not installed")
    pycomorb = pytest.importorskip("pycomorb", reason="pycomorb, an independent implementation, is not installed")
    criterion = next(n.criterion for n in imported.get("casefinding", "hfrs").content.criteria if n.id == "high")
    dice = random.Random(2018)
    listed = [code for _, code, _ in criterion.weights]
    records = [
        [f"{dice.choice(listed)}{dice.choice(['', '0', '9'])}" for _ in range(dice.randint(0, 12))] for _ in range(1000)
    ]
    rows = [(n, code, 80) for n, codes in enumerate(records) for code in codes]
    frame = pl.DataFrame(rows, schema=["id", "code", "age"], orient="row")
    theirs = pycomorb.comorbidity(
        score="hfrs", df=frame, id_col="id", code_col="code", age_col="age", icd_version="icd10"
    )
    told = theirs[0] if isinstance(theirs, tuple) else theirs
    column = next(name for name in told.columns if "score" in name.lower())
    for number, score in zip(told["id"], told[column], strict=True):
        assert round(score * 1000) == points_of(criterion, records[number]), records[number]
