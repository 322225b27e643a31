"""The twelve test rules as somebody who knows DuckDB writes them: a query a rule, and the best plan known, all by hand.

What the compiler is measured against, over the same files; each answers the people of every rule.
"""

from datetime import date
from pathlib import Path

import duckdb

ON = date(2026, 11, 1)  # the day the files are made for
I = f"DATE '{ON}'"  # noqa: E741  # the SQL below is long enough
NAMES = ["copd", "oxygen", "dementia", "hf", "cancer", "remission", "infection", "carehome", "ownhome", "palliative", "egfr",
         "weight", "albumin", "bnp"]  # fmt: skip
RULES = [f"r{n:02d}" for n in range(1, 13)]
Cohorts = dict[str, list[int]]


def scan(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> None:
    """Read the four columns of the events once and do nothing with them."""
    con.execute(
        f"""SELECT count(*) FILTER (code > 0), max(date), sum(value), max(patient_id) FROM '{data}/events.parquet'
        WHERE patient_id <= {people}"""
    ).fetchall()


def branch(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> Cohorts:
    """One scan that tags rows, then one narrow aggregate for each feature, then one projection."""
    here = f"patient_id <= {people}"
    kind = {name: number for number, name in enumerate(NAMES, 1)}

    def only(name: str) -> str:
        return f"FILTER (k = {kind[name]})"

    con.execute(
        f"""CREATE TEMP TABLE cm AS SELECT code, bit_or(CASE WHEN list LIKE 'efi%' THEN 1::UBIGINT << (list[5:]::INT - 1)
          WHEN list LIKE 'chr%' THEN 1::UBIGINT << (list[5:]::INT + 35) ELSE 0 END) m,
          coalesce(max(list_position({NAMES}, list)), 0)::UTINYINT k FROM '{data}/codelist.parquet' GROUP BY code"""
    )
    con.execute(
        f"""CREATE TEMP TABLE rel AS SELECT e.patient_id, e.date, round(e.value * 10)::INT v10, m, k
        FROM '{data}/events.parquet' e JOIN cm USING (code) WHERE e.date <= {I} AND {here}"""
    )
    con.execute(
        """CREATE TEMP TABLE mk AS SELECT patient_id, bit_count(bit_or(m) & ((1::UBIGINT << 36) - 1)) efi,
        bit_count(bit_or(m) >> 36) chron FROM rel WHERE m <> 0 GROUP BY 1"""
    )
    con.execute(
        f"""CREATE TEMP TABLE fl AS SELECT patient_id, bool_or(k = {kind["copd"]}) copd,
        bool_or(k = {kind["oxygen"]} AND date > {I} - INTERVAL 24 MONTH) oxy, bool_or(k = {kind["dementia"]}) dem,
        bool_or(k = {kind["hf"]}) hf, bool_or(k = {kind["palliative"]}) pall, max(date) {only("cancer")} ca,
        max(date) {only("remission")} re, max(date) {only("carehome")} ch, max(date) {only("ownhome")} oh
        FROM rel WHERE k BETWEEN 1 AND 10 AND k <> {kind["infection"]} GROUP BY 1"""
    )
    con.execute(
        f"""CREATE TEMP TABLE inf AS SELECT patient_id, count(*) inf FROM (SELECT DISTINCT patient_id, date FROM rel
        WHERE k = {kind["infection"]} AND date > {I} - INTERVAL 12 MONTH) GROUP BY 1"""
    )
    for name, window in (("egfr", "true"), ("bnp", "true"), ("albumin", f"date > {I} - INTERVAL 12 MONTH")):
        con.execute(
            f"""CREATE TEMP TABLE l_{name} AS WITH w AS (SELECT patient_id, date, v10 FROM rel WHERE k = {kind[name]}
            AND v10 IS NOT NULL AND {window}), d AS (SELECT patient_id, max(date) date FROM w GROUP BY 1)
            SELECT patient_id, min(v10) v FROM w JOIN d USING (patient_id, date) GROUP BY 1"""
        )
    con.execute(
        f"""CREATE TEMP TABLE wl AS WITH w AS (SELECT patient_id, date, v10 FROM rel WHERE k = {kind["weight"]}
        AND v10 IS NOT NULL AND date > {I} - INTERVAL 366 DAY), l AS (SELECT patient_id, max(date) d FROM w GROUP BY 1
        HAVING d > {I} - INTERVAL 183 DAY)
        SELECT patient_id FROM l JOIN w USING (patient_id) GROUP BY 1, d
        HAVING 10 * min(v10) FILTER (date = d) < 9 * max(v10) FILTER (date < d AND date >= d - INTERVAL 183 DAY)"""
    )
    con.execute(
        f"""CREATE TEMP TABLE adm AS SELECT patient_id, count(*) FILTER (start > {I} - INTERVAL 6 MONTH) a6, count(*) a12
        FROM '{data}/admissions.parquet' WHERE method BETWEEN 21 AND 28 AND start > {I} - INTERVAL 12 MONTH
        AND start <= {I} AND {here} GROUP BY 1"""
    )
    rows = con.execute(
        f"""WITH b AS (SELECT p.patient_id, date_diff('year', dob, {I}) - (month(dob) * 100 + day(dob) > 1101)::INT age,
            coalesce(efi, 0) efi, coalesce(chron, 0) chron, coalesce(copd AND oxy, false) co, coalesce(dem, false) dem,
            coalesce(hf, false) hf, coalesce(pall, false) pall, coalesce(ca > re, ca IS NOT NULL) cancer,
            coalesce(ch > oh, ch IS NOT NULL) care, coalesce(inf, 0) inf, coalesce(e.v < 150, false) egfr,
            coalesce(n.v > 20000, false) bnp, coalesce(al.v < 300, false) alb, coalesce(a6, 0) a6, coalesce(a12, 0) a12,
            wl.patient_id IS NOT NULL wl
          FROM '{data}/patients.parquet' p LEFT JOIN mk USING (patient_id) LEFT JOIN fl USING (patient_id)
            LEFT JOIN inf USING (patient_id) LEFT JOIN l_egfr e USING (patient_id) LEFT JOIN l_bnp n USING (patient_id)
            LEFT JOIN l_albumin al USING (patient_id) LEFT JOIN wl USING (patient_id) LEFT JOIN adm USING (patient_id)
          WHERE (dod IS NULL OR dod > {I}) AND p.{here}),
        r AS (SELECT patient_id, pall, [age >= 75 AND efi >= 13, a6 >= 2, co, egfr, wl, cancer,
            dem AND age >= 65 AND inf >= 2, hf AND (bnp OR a12 >= 2), care AND efi >= 9, chron >= 6 AND age >= 18 AND alb,
            (a6 >= 2)::INT + (efi >= 9)::INT + care::INT + wl::INT + alb::INT + (inf >= 1)::INT >= 3] f FROM b)
        SELECT patient_id, pall, list_sum(list_transform(f, lambda x, i: x::INT << (i - 1)))::INT bits FROM r
        WHERE list_bool_or(f)"""
    ).fetchall()
    found = {rule: [row[0] for row in rows if row[2] >> place & 1] for place, rule in enumerate(RULES[:-1])}
    return found | {"r12": [row[0] for row in rows if not row[1]]}


def per_rule(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> Cohorts:
    """A query for each rule straight over the files."""
    for table in ("patients", "events", "admissions"):
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM '{data}/{table}.parquet' WHERE patient_id <= {people}")
    con.execute(f"CREATE VIEW codelist AS SELECT * FROM '{data}/codelist.parquet'")
    con.execute(
        f"""CREATE TEMP TABLE pop AS SELECT patient_id, date_diff('year', dob, {I}) -
        CAST(strftime(dob, '%m%d') > strftime({I}, '%m%d') AS INT) AS age FROM patients WHERE dod IS NULL OR dod > {I}"""
    )

    def rows(pattern: str) -> str:
        return f"""(SELECT e.patient_id, e.date, e.value, c.list FROM events e JOIN codelist c USING (code)
            WHERE c.list LIKE '{pattern}' AND e.date <= {I})"""

    def last(name: str, window: str = "true") -> str:
        return f"""(SELECT patient_id, min(value) v FROM (SELECT patient_id, value, date, max(date) OVER (PARTITION BY patient_id) m
            FROM {rows(name)} WHERE value IS NOT NULL AND {window}) WHERE date = m GROUP BY 1)"""

    def groups(pattern: str) -> str:
        return f"(SELECT patient_id, count(DISTINCT list) n FROM {rows(pattern)} GROUP BY 1)"

    def admitted(months: int) -> str:
        return f"""(SELECT patient_id, count(*) n FROM admissions WHERE method BETWEEN 21 AND 28
            AND start > {I} - INTERVAL {months} MONTH AND start <= {I} GROUP BY 1)"""

    def since(these: str, those: str) -> str:
        a, b = (f"(SELECT patient_id, max(date) d FROM {rows(name)} GROUP BY 1)" for name in (these, those))
        return f"(SELECT a.patient_id FROM {a} a LEFT JOIN {b} b USING (patient_id) WHERE b.d IS NULL OR a.d > b.d)"

    year = f"date > {I} - INTERVAL 12 MONTH"
    infections = f"(SELECT patient_id, count(DISTINCT date) n FROM {rows('infection')} WHERE {year} GROUP BY 1)"
    weighed = f"(SELECT patient_id, date, round(value * 10)::INT v10 FROM {rows('weight')} WHERE value IS NOT NULL)"
    lighter = f"""(SELECT l.patient_id FROM (SELECT patient_id, d, min(v10) v FROM (SELECT *, max(date) OVER
        (PARTITION BY patient_id) d FROM {weighed}) WHERE date = d AND d > {I} - INTERVAL 183 DAY GROUP BY 1, 2) l
        JOIN {weighed} x ON x.patient_id = l.patient_id AND x.date < l.d AND x.date >= l.d - INTERVAL 183 DAY
        GROUP BY l.patient_id, l.v HAVING 10 * l.v < 9 * max(x.v10))"""
    low = f"(SELECT patient_id FROM {last('albumin', year)} WHERE v < 30)"
    care = since("carehome", "ownhome")
    several = [
        f"SELECT patient_id FROM {admitted(6)} WHERE n >= 2", f"SELECT patient_id FROM {groups('efi_%')} WHERE n >= 9",
        f"SELECT patient_id FROM {care}", f"SELECT patient_id FROM {lighter}", f"SELECT patient_id FROM {low}",
        f"SELECT patient_id FROM {infections}",
    ]  # fmt: skip
    asked = {
        "r01": f"JOIN {groups('efi_%')} x USING (patient_id) WHERE age >= 75 AND n >= 13",
        "r02": f"JOIN {admitted(6)} x USING (patient_id) WHERE n >= 2",
        "r03": f"""WHERE patient_id IN (SELECT patient_id FROM {rows("copd")}) AND patient_id IN
            (SELECT patient_id FROM {rows("oxygen")} WHERE date > {I} - INTERVAL 24 MONTH)""",
        "r04": f"JOIN {last('egfr')} x USING (patient_id) WHERE v < 15",
        "r05": f"WHERE patient_id IN {lighter}",
        "r06": f"WHERE patient_id IN {since('cancer', 'remission')}",
        "r07": f"""JOIN {infections} x USING (patient_id) WHERE age >= 65 AND n >= 2
            AND patient_id IN (SELECT patient_id FROM {rows("dementia")})""",
        "r08": f"""LEFT JOIN {last("bnp")} x USING (patient_id) LEFT JOIN {admitted(12)} y USING (patient_id)
            WHERE patient_id IN (SELECT patient_id FROM {rows("hf")}) AND (v > 2000 OR n >= 2)""",
        "r09": f"JOIN {groups('efi_%')} x USING (patient_id) WHERE n >= 9 AND patient_id IN {care}",
        "r10": f"JOIN {groups('chr_%')} x USING (patient_id) WHERE n >= 6 AND age >= 18 AND patient_id IN {low}",
        "r11": f"""WHERE patient_id IN (SELECT patient_id FROM ({" UNION ALL ".join(several)})
            GROUP BY 1 HAVING count(*) >= 3)""",
    }
    found = {
        rule: [row[0] for row in con.execute(f"SELECT patient_id FROM pop {sql}").fetchall()]
        for rule, sql in asked.items()
    }
    palliative = {row[0] for row in con.execute(f"SELECT patient_id FROM {rows('palliative')}").fetchall()}
    return found | {"r12": sorted({one for several in found.values() for one in several} - palliative)}
