"""Names the packages: all of qllg_sym, and the two folders that pyproject.toml maps into it, with the data in them."""

from setuptools import find_namespace_packages, find_packages, setup

DATA = find_namespace_packages("generated", exclude=["*__pycache__*"])
GENERATED = ["qllg_sym.generated", *(f"qllg_sym.generated.{name}" for name in DATA)]

setup(
    packages=[*find_packages(include=["qllg_sym", "qllg_sym.*"]), "qllg_sym.derivations", *GENERATED],
    package_data={"": ["py.typed", "*.c", "*.h"], **{name: ["*"] for name in GENERATED}},
)
