"""Settings of the documentation site: `make docs` writes docs/_build/html, which needs no network to be read."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext")]

from qllg_sym import __version__  # noqa: E402  (the path above comes first)

project, author, release = "qllg_sym", "the qllg_sym developers", __version__
copyright = "the qllg_sym developers, BSD-3-Clause"

# The last four are files of docs/_ext.
extensions = ["myst_nb", "sphinx_copybutton", "formulas", "indices", "fences", "pages", "links"]
exclude_patterns = ["_build", "_ext", "**/.ipynb_checkpoints"]
root_doc = "index"

myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "attrs_inline", "colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE / "_build" / "notebooks")
nb_execution_raise_on_error = True
nb_execution_timeout = 120

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"qllg_sym {release}"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = False
