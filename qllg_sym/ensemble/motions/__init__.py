"""What moves under drift and noise: states with generators that act on them, many trajectories at a time.

A motion has a `name`, `start`, `count` (normal variates of one set of its noise) and `steppers` that it can take, and

drift(states, t) -> generators: of the motion without noise, 1/time
fluctuation(states, t, normals) -> generators: of the noise, 1/√time
bracket(first, second) -> the commutator of generators
together(one, other, formula) -> formula(one, other, bracket) of generators, wherever commutators are taken
increment(states, times, h, normals) -> h · drift at the first time with √h · fluctuation at the second (`implicit`)
near(states, generators) -> the states moved by a generator to first order
moved(states, generators) -> the states moved by a generator, on the group
polished(states) -> the states without what rounding has left
rate(times) -> the fastest rate of the motion, 1/time, at these times
energy(states, t), held(states) -> readings, and what observables are read off

Here may live kinds of states. Steps in time are made in `steppers`.
"""
