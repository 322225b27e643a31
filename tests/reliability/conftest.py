from tests.reliability.sites import database_url, site  # noqa: F401
