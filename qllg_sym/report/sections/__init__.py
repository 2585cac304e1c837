"""The sections of the page, one a file: `ORDER`, `ANCHOR`, `TITLE` and `body(reproduction) -> Markup`.

Here may live what one section says and in which order. Sections do not know each other; what they share is in
`reproduction`.
"""
