from tests.reliability.races import racing, signed_in, stored  # noqa: F401
from tests.reliability.sites import database_url, site  # noqa: F401
