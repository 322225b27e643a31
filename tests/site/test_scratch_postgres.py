"""A PostgreSQL cluster for one run."""

import psycopg
import pytest

from ambit.site.scratch_postgres import NoPostgres, programs, scratch_postgres


def test_a_cluster_is_made_used_and_removed():
    try:
        programs()
    except NoPostgres as missing:
        pytest.skip(str(missing))
    with scratch_postgres() as url, psycopg.connect(url) as connection:
        assert connection.execute("select current_database()").fetchone() == ("ambit",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
