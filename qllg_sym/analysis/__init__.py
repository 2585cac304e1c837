"""What follows from derived equations: parts that close, symmetries, means, fixed points, series, constants of motion.

Here may live exact work on models, equations and components, decided by normal forms, that ends in components,
expressions or theorems again. A file of `of_model`, `of_equation` or `of_components` is one operation, a function with
the name of its file whose first argument is what it works on: it is a method of that class by being there (see
`qllg_sym.operations`). What several of them share lies beside these folders.
"""
