"""Responses that cannot be: states that move, operators and frequencies that do not fit."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
PAIR = q.Model(q.Space.half(2), [q.Exchange(-1, 0, 1)])
LAW = q.QuantumLLG(0.5)


def answered(method, *words, model=SPIN, law=LAW, state="ground"):
    """Ask the response of a spin for something."""
    return lambda: getattr(q.response(model, law, state), method)(*words)


def swept(law=LAW, model=SPIN, **words):
    """An EPR spectrum of a spin."""
    given = {"temperature": 1.0, "frequency": 1.0, "fields": [0.5, 1.5]} | words
    return lambda: q.epr(model, law, **given)


WRONG = [
    Wrong("a state that moves", lambda: q.response(SPIN, LAW, q.states.product("+x")), q.StateError,
          "`state` must be stationary, but ‖[ρ, H]‖/ħ is 0.707, where H/ħ has the spread 1; take an eigenstate or a "
          "mixture of them, such as states.thermal(model, 1)."),
    Wrong("moments that turn", lambda: q.response(SPIN, q.ClassicalLLG(0.1), [(1, 0, 0)]), q.StateError,
          "`state` must be stationary under llg, but its rate of change is 0.995; take the end of a long run, or an "
          "eigenstate of H."),
    Wrong("a ground state of several levels", lambda: q.response(PAIR, LAW, "ground"), q.StateError,
          "`ground` must have a unique ground state, but the lowest level of this model is degenerate; give a ket, or "
          "thermal(model, beta)."),
    Wrong("the ground state of moments", lambda: q.response(SPIN, q.ClassicalLLG(0.1), "ground"), q.StateError,
          "`state` must be moments (N, 3) for a classical law, but is 'ground'; give the directions."),
    Wrong("a law of clusters and moments",
          lambda: q.response(PAIR, q.Hybrid(0.1, 0.1, clusters=[(0,)], classical=[1]), "ground"), q.InputError,
          "`law` must be one law on all sites here, but is hybrid; use `solve` with a HybridState."),
    Wrong("a field that moves", lambda: q.response(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, q.t))]), LAW, "ground"),
          q.InputError, "`model` must be constant in time, but depends on it; freeze it with subs."),
    Wrong("a damping that moves", lambda: q.response(SPIN, q.QuantumLLG(q.t), "ground"), q.InputError,
          "`law` must be constant in time, but depends on it; freeze it with subs."),
    Wrong("a parameter without a value",
          lambda: q.response(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.Symbol("b", real=True)))]), LAW, "ground"),
          q.InputError, "`values` must give every parameter a number, but 'b' is unbound; add values={'b': 1.0}."),
    Wrong("an operator's name misspelt", answered("absorption", "sx", [1.0]), q.InputError,
          "`A` must be an operator, Sx, Sy, Sz, or such a name with a wave number, but is 'sx' (did you mean Sx?); "
          "choose one of them."),
    Wrong("a wave number that is none", answered("susceptibility", ("Sz", "pi"), "Sz", [1.0]), q.InputTypeError,
          "`A` must have a real wave number a site, but has 'pi'; write (\"Sz\", 3.1416)."),
    Wrong("weights of other sites", answered("susceptibility", ("Sz", [1, 1j]), "Sz", [1.0]), q.InputTypeError,
          "`A` must have a wave number, or a finite weight for each of the 1 sites, but has shape (2,); write "
          "(\"Sz\", numpy.exp(1j * positions @ q))."),
    Wrong("an operator of another size", answered("susceptibility", "Sx", np.eye(3), [1.0]), q.InputTypeError,
          "`B` must be an operator of shape (2, 2), terms, or one of Sx, Sy, Sz, but is of type ndarray and shape "
          "(3, 3); write \"Sx\"."),
    Wrong("an operator in a classical law", answered("absorption", np.eye(2), [1.0], law=q.ClassicalLLG(0.1),
                                                     state=[(0, 0, 1)]), q.InputTypeError,
          "`A` must be one of Sx, Sy, Sz, or finite weights (1, 3) of the components of every spin, for a classical "
          "law, but is ndarray; write \"Sx\"."),
    Wrong("a frequency that is none", answered("absorption", "Sx", [1.0, np.nan]), q.InputError,
          "`omega` must be finite angular frequencies, but holds NaN or infinity; write numpy.linspace(0, 3, 301)."),
    Wrong("no frequency", answered("absorption", "Sx", []), q.InputError,
          "`omega` must be finite angular frequencies, but is empty; write numpy.linspace(0, 3, 301)."),
    Wrong("a complex frequency", answered("absorption", "Sx", [1j]), q.InputTypeError,
          "`omega` must be real angular frequencies, but is of type list; write numpy.linspace(0, 3, 301)."),
    Wrong("a negative frequency", answered("absorption", "Sx", [-1.0]), q.InputError,
          "`omega` must not be negative, but holds -1; absorption is the same at −ω."),
    Wrong("a resonance without width", answered("susceptibility", "Sx", "Sx", [1.0], law=q.VonNeumann()), q.InputError,
          "`omega` must not be where the response grows without end, but is 1, and a transition there has no width; "
          "leave this frequency out."),
    Wrong("a space too large for a law without a weight",
          lambda: q.response(q.Model(q.Space.half(6)), q.LocalGilbert(0.1), np.eye(64) / 64), q.InputError,
          "`model` must have dimension 32 at most under local-gilbert, but has 64; take fewer spins."),
    Wrong("a structure factor at another temperature", answered("structure_factor", "Sx", [1.0], 2.0), q.StateError,
          "`kT` must be the temperature of the state, but the state is not Gibbs' at 2; give the 1/β of "
          "states.thermal(model, β), or 0 for the ground state."),
    Wrong("a structure factor at no frequency", answered("structure_factor", "Sx", [0.0, 1.0]), q.InputError,
          "`omega` must be positive for a structure factor, but holds 0; S(−ω) is exp(−ħω/kT) S(ω)."),
    Wrong("a negative temperature", answered("structure_factor", "Sx", [1.0], -1), q.InputError,
          "`kT` must not be negative, but is -1; write kT=1.0."),
    Wrong("a structure factor of moments",
          lambda: q.response(SPIN, q.ClassicalLLG(0.1), [(0, 0, 1)]).structure_factor("Sx", [1.0]), q.InputError,
          "`law` must have a frame weight for a structure factor, but is llg; use susceptibility."),
    Wrong("a resolution of nothing", lambda: q.structure_factor(PAIR, "Sz", [1.0], 1.0, 0.0), q.InputError,
          "`resolution` must be positive, but is 0; write resolution=0.1."),
    Wrong("thermal kets at no temperature", lambda: q.structure_factor(PAIR, "Sz", [1.0], 0, 0.1), q.InputError,
          "`kT` must be positive, but is 0; write kT=1.0."),
    Wrong("one random ket", lambda: q.structure_factor(PAIR, "Sz", [1.0], 1.0, 0.1, kets=1), q.InputError,
          "`kets` must be a whole number from 2 to 10,000, but is 1; write kets=10."),
    Wrong("frequencies in two dimensions", lambda: q.structure_factor(PAIR, "Sz", np.ones((2, 2)), 1.0, 0.1),
          q.InputError, "`omega` must be a row of finite numbers, but is of shape (2, 2); write numpy.linspace(0, 3, "
          "301)."),
    Wrong("a static susceptibility at another temperature", answered("isothermal", "Sx", "Sx", 2.0), q.StateError,
          "`kT` must be the temperature of the state, but the state is not Gibbs' at 2; give the 1/β of "
          "states.thermal(model, β)."),
    Wrong("levels of a pulse", lambda: q.energy_levels(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, q.t))])), q.InputError,
          "`model` must be constant in time and of numeric spins, but depends on time; use subs."),
    Wrong("no digits", lambda: q.energy_levels(SPIN, digits=0), q.InputError,
          "`digits` must be a whole number from 1 to 2000, but is 0; write digits=40."),
    Wrong("many digits of many spins", lambda: q.energy_levels(q.Model(q.Space.half(8)), digits=40), q.InputError,
          "`model` must have dimension 128 at most for so many digits, but has 256; take fewer spins."),
    Wrong("levels of a letter", lambda: q.energy_levels(q.Model(q.Space("1/2"), [
        q.Zeeman((0, 0, sp.Symbol("b", real=True)))]), digits=40), q.InputError,
          "`values` must give every parameter a number, but 'b' is unbound; add values={'b': 1.0}."),
    Wrong("both swept", swept(frequencies=[1, 2]), q.InputError,
          "`fields` must be given with `frequency`, or `frequencies` with `field`, but given is frequency and fields "
          "and frequencies; write frequency=9.5, fields=numpy.linspace(0, 1, 1001)."),
    Wrong("fields that fall", swept(fields=[2, 1]), q.InputError,
          "`fields` must be at least two, ascending, but are not; write fields=numpy.linspace(0.1, 1, 1001)."),
    Wrong("a frequency of nothing", swept(frequency=0), q.InputError,
          "`frequency` must be positive, but is 0; write frequency=9.5."),
    Wrong("frequencies from zero", swept(frequency=None, fields=None, field=1, frequencies=[0, 1]), q.InputError,
          "`frequencies` must be positive, but begin at 0; write frequencies=numpy.linspace(0.1, 1, 1001)."),
    Wrong("an EPR spectrum at absolute zero", swept(temperature=0), q.InputError,
          "`temperature` must be positive, but is 0; write temperature=300.0."),
    Wrong("a powder of no grid", swept(powder="zwc"), q.InputError,
          "`powder` must be one of zcw, lebedev, or None, but is 'zwc' (did you mean zcw?); choose one of them."),
    Wrong("a powder of no direction", swept(powder="zcw", orientations=0), q.InputError,
          "`orientations` must be a whole number from 1 to 200,000, but is 0; write orientations=610."),
    Wrong("too many directions", swept(powder="lebedev", orientations=6000), q.InputError,
          "`orientations` must be at most 5810 for a Lebedev grid, but is 6000; take powder=\"zcw\"."),
    Wrong("a direction of no length", swept(direction=(0, 0, 0)), q.InputError,
          "`direction` must have a finite length above 0, but has 0; write (0, 0, 1)."),
    Wrong("a direction in a plane", swept(direction=(0, 1)), q.InputTypeError,
          "`direction` must be three real numbers, but is (0, 1); write (0, 0, 1)."),
    Wrong("g factors of other sites", swept(g=[2.0, 2.1]), q.InputTypeError,
          "`g` must be a finite number, a 3×3 tensor, or one of these for each of the 1 sites, but is of shape (2,); "
          "write g=2.0."),
    Wrong("a mode that is none", swept(mode="dual"), q.InputError,
          "`mode` must be one of perpendicular, parallel, but is 'dual'; choose one of them."),
    Wrong("a negative width", swept(width=-1), q.InputError,
          "`width` must not be negative, but is -1; write width=0.001."),
    Wrong("lines without any width", swept(law=q.VonNeumann(), model=q.Model(q.Space("1/2"))),
          q.InputError,
          "`width` must be positive where a line of the law has none, but is 0; give one, or a law with damping."),
    Wrong("EPR of a law without a weight", swept(law=q.LocalGilbert(0.1)), q.InputError,
          "`law` must have a frame weight for epr, but is local-gilbert; take QuantumLLG, or response at each field."),
    Wrong("EPR of moments", swept(law=q.ClassicalLLG(0.1)), q.InputError,
          "`law` must be one of density matrices here, but is llg; take q-LLG, or response for moments."),
    Wrong("EPR in a field that moves", swept(model=q.Model(q.Space("1/2"), [q.Zeeman((0, 0, q.t))])), q.InputError,
          "`model` must be constant in time, but depends on it; freeze it with subs."),
    Wrong("EPR of many spins", swept(model=q.Model(q.Space.half(9))), q.InputError,
          "`model` must have dimension 256 at most here, but has 512; take fewer spins."),
    Wrong("a second derivative", lambda: swept()().plot(2), q.InputError,
          "`harmonic` must be 0 (absorption) or 1 (derivative), but is 2; write harmonic=1."),
    Wrong("the frequencies of a field sweep", lambda: swept()().frequency, q.InputError,
          "`frequency` must be what was swept, but the field was; read .field."),
    Wrong("a frequency in words", lambda: q.Units("meV", "ps").gigahertz("9.5"), q.InputError,
          "`frequency` must be a finite number, in GHz, but is '9.5'; write units.gigahertz(9.5)."),
    Wrong("an expression of a law without a weight", lambda: q.symbolic_response(SPIN, q.LocalGilbert(0.1)),
          q.InputError, "`law` must have a frame weight for expressions, but is local-gilbert; use response."),
    Wrong("an expression of moments", lambda: q.symbolic_response(SPIN, q.ClassicalLLG(0.1)), q.InputError,
          "`law` must be one of density matrices here, but is llg; take q-LLG."),
    Wrong("an expression at a wave number between sites",
          lambda: q.symbolic_response(PAIR, LAW).susceptibility(("Sz", 1), "Sz"), q.InputError,
          "`A` must be an operator, Sx, Sy, Sz, or such a name with 0 or sympy.pi, but is ('Sz', 1); choose one of "
          "them."),
    Wrong("an expression of levels that are roots of a cubic",
          lambda: q.symbolic_response(q.Model(q.Space("1"), [q.ZeroField(sp.Symbol("D", real=True), 0), q.Zeeman(
              (1, 0, 1))]), LAW).levels, q.InputError,
          "`model` must have eigenvalues made of square roots for an expression, but some are roots of "
          "16*D**3 - 72*D + E**3 + E*(-12*D**2 - 72), of degree 3 and irreducible; give parameters numbers and use "
          "at()."),
    Wrong("an expression of many spins", lambda: q.symbolic_response(q.Model(q.Space.half(5)), LAW), q.InputError,
          "`model` must have dimension 16 at most for expressions, but has 32; use response."),
    Wrong("neutrons at a negative wave vector",
          lambda: q.neutron_spectrum(SPIN, [0, 1], temperature=1, width=0.1, Q=-1), q.InputError,
          "`Q` must not be negative, but is -1; write Q=1.0."),
    Wrong("neutrons without a resolution", lambda: q.neutron_spectrum(SPIN, [0, 1], temperature=1, width=0),
          q.InputError, "`width` must be positive, but is 0; write width=0.1."),
    Wrong("positions of other sites",
          lambda: q.neutron_spectrum(SPIN, [0, 1], temperature=1, width=0.1, positions=[(0, 0, 0), (1, 0, 0)]),
          q.InputTypeError, "`positions` must be three finite numbers for each of the 1 sites, but is of shape (2, 3); "
          "write [(0, 0, 0), …]."),
    Wrong("neutrons at absolute zero", lambda: q.neutron_spectrum(SPIN, [0, 1], temperature=0, width=0.1),
          q.InputError, "`temperature` must be positive, but is 0; write temperature=2.0."),
]
