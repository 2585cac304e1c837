"""Where the public names are defined. Generated: pytest tests/test_public.py --update."""

from qllg_sym.algebra.symbols import gap as gap
from qllg_sym.algebra.symbols import t as t
from qllg_sym.derivations import theorems as theorems
from qllg_sym.ensemble.bath import Bath as Bath
from qllg_sym.ensemble.canonical.canonical import canonical as canonical
from qllg_sym.ensemble.langevin import langevin as langevin
from qllg_sym.ensemble.thermal import ThermalEnsemble as ThermalEnsemble
from qllg_sym.equations.closed_form import closed_form as closed_form
from qllg_sym.equations.equation import Equation as Equation
from qllg_sym.equations.hybrid.law import Hybrid as Hybrid
from qllg_sym.equations.laws.classical_ll import ClassicalLL as ClassicalLL
from qllg_sym.equations.laws.classical_llg import ClassicalLLG as ClassicalLLG
from qllg_sym.equations.laws.dephasing import Dephasing as Dephasing
from qllg_sym.equations.laws.lindblad import Jump as Jump
from qllg_sym.equations.laws.lindblad import Lindblad as Lindblad
from qllg_sym.equations.laws.local_gilbert import LocalGilbert as LocalGilbert
from qllg_sym.equations.laws.quantum_ll import QuantumLL as QuantumLL
from qllg_sym.equations.laws.quantum_llg import QuantumLLG as QuantumLLG
from qllg_sym.equations.laws.von_neumann import VonNeumann as VonNeumann
from qllg_sym.errors import CodegenError as CodegenError
from qllg_sym.errors import DerivationError as DerivationError
from qllg_sym.errors import FileError as FileError
from qllg_sym.errors import InputError as InputError
from qllg_sym.errors import InputTypeError as InputTypeError
from qllg_sym.errors import IntegrationError as IntegrationError
from qllg_sym.errors import ModelError as ModelError
from qllg_sym.errors import ProofError as ProofError
from qllg_sym.errors import QllgError as QllgError
from qllg_sym.errors import QllgWarning as QllgWarning
from qllg_sym.errors import SolveInterrupted as SolveInterrupted
from qllg_sym.errors import StateError as StateError
from qllg_sym.fitting.data_set import DataSet as DataSet
from qllg_sym.fitting.fit import fit as fit
from qllg_sym.fitting.result import Fit as Fit
from qllg_sym.flow import states as states
from qllg_sym.flow.exact.solution import exact as exact
from qllg_sym.flow.gaussian.state import GaussianState as GaussianState
from qllg_sym.flow.gaussian.trajectory import GaussianTrajectory as GaussianTrajectory
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories as HybridTrajectories
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory as HybridTrajectory
from qllg_sym.flow.mps.matrix_product import MatrixProductState as MatrixProductState
from qllg_sym.flow.mps.trajectory import MatrixProductTrajectory as MatrixProductTrajectory
from qllg_sym.flow.qutip.solvers import llgsolve as llgsolve
from qllg_sym.flow.qutip.solvers import qllgsolve as qllgsolve
from qllg_sym.flow.qutip.solvers import qllsolve as qllsolve
from qllg_sym.flow.results.chains import ChainTrajectories as ChainTrajectories
from qllg_sym.flow.results.trajectories import Trajectories as Trajectories
from qllg_sym.flow.results.trajectory import Trajectory as Trajectory
from qllg_sym.flow.solve import solve as solve
from qllg_sym.flow.solve import solve_many as solve_many
from qllg_sym.flow.states.hybrid_state import HybridState as HybridState
from qllg_sym.flow.states.low_rank import LowRank as LowRank
from qllg_sym.model.dipolar import dipolar as dipolar
from qllg_sym.model.graphs import chain as chain
from qllg_sym.model.graphs import from_edges as from_edges
from qllg_sym.model.graphs import from_sites as from_sites
from qllg_sym.model.graphs import ring as ring
from qllg_sym.model.model import Model as Model
from qllg_sym.model.regular import cubic as cubic
from qllg_sym.model.regular import square as square
from qllg_sym.model.regular import triangular as triangular
from qllg_sym.model.signal import signal as signal
from qllg_sym.model.space import Space as Space
from qllg_sym.model.terms.anisotropy import Anisotropy as Anisotropy
from qllg_sym.model.terms.bilinear import Bilinear as Bilinear
from qllg_sym.model.terms.biquadratic import Biquadratic as Biquadratic
from qllg_sym.model.terms.dmi import DMI as DMI
from qllg_sym.model.terms.exchange import Exchange as Exchange
from qllg_sym.model.terms.operator import Operator as Operator
from qllg_sym.model.terms.pauli import Pauli as Pauli
from qllg_sym.model.terms.stevens import Stevens as Stevens
from qllg_sym.model.terms.zeeman import Zeeman as Zeeman
from qllg_sym.model.terms.zero_field import ZeroField as ZeroField
from qllg_sym.searches.lowest import lowest as lowest
from qllg_sym.searches.result import LowestLevels as LowestLevels
from qllg_sym.spectra.epr import epr as epr
from qllg_sym.spectra.levels import energy_levels as energy_levels
from qllg_sym.spectra.linear_response import Response as Response
from qllg_sym.spectra.magnetic_resonance import MagneticResonance as MagneticResonance
from qllg_sym.spectra.neutrons import NeutronSpectrum as NeutronSpectrum
from qllg_sym.spectra.neutrons import neutron_spectrum as neutron_spectrum
from qllg_sym.spectra.response import response as response
from qllg_sym.spectra.structure_factor import StructureFactor as StructureFactor
from qllg_sym.spectra.symbolic import SymbolicResponse as SymbolicResponse
from qllg_sym.spectra.symbolic import symbolic_response as symbolic_response
from qllg_sym.spectra.typicality import structure_factor as structure_factor
from qllg_sym.studies.load import load as load
from qllg_sym.studies.load import save as save
from qllg_sym.studies.sweep import sweep as sweep
from qllg_sym.units import Units as Units

__version__: str
__all__ = [
    "DMI",
    "Anisotropy",
    "Bath",
    "Bilinear",
    "Biquadratic",
    "ChainTrajectories",
    "ClassicalLL",
    "ClassicalLLG",
    "CodegenError",
    "DataSet",
    "Dephasing",
    "DerivationError",
    "Equation",
    "Exchange",
    "FileError",
    "Fit",
    "GaussianState",
    "GaussianTrajectory",
    "Hybrid",
    "HybridState",
    "HybridTrajectories",
    "HybridTrajectory",
    "InputError",
    "InputTypeError",
    "IntegrationError",
    "Jump",
    "Lindblad",
    "LocalGilbert",
    "LowRank",
    "LowestLevels",
    "MagneticResonance",
    "MatrixProductState",
    "MatrixProductTrajectory",
    "Model",
    "ModelError",
    "NeutronSpectrum",
    "Operator",
    "Pauli",
    "ProofError",
    "QllgError",
    "QllgWarning",
    "QuantumLL",
    "QuantumLLG",
    "Response",
    "SolveInterrupted",
    "Space",
    "StateError",
    "Stevens",
    "StructureFactor",
    "SymbolicResponse",
    "ThermalEnsemble",
    "Trajectories",
    "Trajectory",
    "Units",
    "VonNeumann",
    "Zeeman",
    "ZeroField",
    "canonical",
    "chain",
    "closed_form",
    "cubic",
    "dipolar",
    "energy_levels",
    "epr",
    "exact",
    "fit",
    "from_edges",
    "from_sites",
    "gap",
    "langevin",
    "llgsolve",
    "load",
    "lowest",
    "neutron_spectrum",
    "qllgsolve",
    "qllsolve",
    "response",
    "ring",
    "save",
    "signal",
    "solve",
    "solve_many",
    "square",
    "states",
    "structure_factor",
    "sweep",
    "symbolic_response",
    "t",
    "theorems",
    "triangular",
]

def homes() -> dict[str, str]: ...
