"""Settings shared by all tests."""

from hypothesis import settings

settings.register_profile("default", max_examples=25, deadline=None, derandomize=True)
settings.load_profile("default")


def pytest_addoption(parser):
    parser.addoption("--update", action="store_true", help="rewrite generated/ from the derivations")
