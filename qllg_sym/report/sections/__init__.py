"""The sections of the page, one a file: `ORDER`, `ANCHOR`, `TITLE` and `body(study) -> Markup`."""
