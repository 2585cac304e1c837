"""Descriptions of states. Generated: pytest tests/test_public.py --update."""

from qllg_sym.flow.states.kinds.bell import bell as bell
from qllg_sym.flow.states.kinds.coherent import coherent as coherent
from qllg_sym.flow.states.kinds.eta import eta as eta
from qllg_sym.flow.states.kinds.ground import ground as ground
from qllg_sym.flow.states.kinds.product import product as product
from qllg_sym.flow.states.kinds.random import random as random
from qllg_sym.flow.states.kinds.thermal import thermal as thermal
from qllg_sym.flow.states.kinds.werner import werner as werner

KINDS: str
