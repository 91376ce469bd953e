"""Faults: short in CI, in full length with --full-length."""

import pytest


@pytest.fixture(scope="session")
def full_length(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full-length"))
