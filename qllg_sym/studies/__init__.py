"""Parameter studies: one law of motion at every point of a grid, on threads, processes or a cluster, labelled.

A study is data (`ParameterStudy`): what is solved, its axes, and the chunks that its points are cut into, which depend
on nothing but the study. A chunk is solved by `solve_many` with one thread, so that its numbers are the same wherever
it is done; `parallel` has chunks done by threads, processes or a cluster, and keeps them as files.

Here may live what lays out, hands on, keeps and labels points. No equation is solved here but by `flow.solve`.
"""
