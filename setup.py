"""Names the packages: all of qllg_sym, and the three folders that pyproject.toml maps into it, and their data."""

from setuptools import find_namespace_packages, find_packages, setup

DATA = find_namespace_packages("generated", exclude=["*__pycache__*"])
SHIPPED = ["qllg_sym.derivations", "qllg_sym.benchmarks", "qllg_sym.benchmarks.peers"]
GENERATED = ["qllg_sym.generated", *(f"qllg_sym.generated.{name}" for name in DATA)]

setup(
    packages=[*find_packages(include=["qllg_sym", "qllg_sym.*"]), *SHIPPED, *GENERATED],
    package_data={"": ["py.typed", "*.pyi", "*.c", "*.h", "*.js", "*.css", "*.toml"],
                  **{name: ["*"] for name in GENERATED}},
)
