"""A connection that the server has hung up on is noticed before a request uses it, without asking the server."""

import time

import pytest
from django.db import connection


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
def test_a_connection_that_was_cut_is_not_usable_and_one_that_waits_is():
    other = connection.copy()
    try:
        other.ensure_connection()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (process,) = cursor.fetchone()
        assert other.is_usable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [process])
        for _ in range(500):
            if not other.is_usable():
                break
            time.sleep(0.01)
        assert not other.is_usable()
    finally:
        other.close()
    assert not other.is_usable()
