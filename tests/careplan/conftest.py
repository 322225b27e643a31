from tests.people.conftest import in_parallel  # noqa: F401  (the same way to race as for people)
