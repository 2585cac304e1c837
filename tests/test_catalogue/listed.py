"""What messages list: folders of plugs, so that a newcomer changes no entry."""

from importlib import import_module

from qllg_sym import cli, plugs
from qllg_sym.cli import new
from qllg_sym.codegen import targets
from qllg_sym.flow import methods, states

COMMANDS, STARTERS = ", ".join(cli.commands()), ", ".join(new.starters())
TARGETS, METHODS = ", ".join(targets.names()), ", ".join(methods.names())
STUDIES = ", ".join(import_module("qllg_sym.derivations").studies())
LAWS, TERMS = (", ".join(plugs.kinds_written(folder)) for folder in ("qllg_sym.equations.laws", "qllg_sym.model.terms"))
STATES = ", ".join(plugs.names(states.KINDS))
