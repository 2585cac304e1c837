"""Printed programs read back: the assignments of a text, in any language with infix formulas, evaluated line by line.

What is read: comments after #, //, ! or between /* */ and (* *); `name = formula`, with `:=` and `<-` for `=`, declared
or not; inputs as y[k], y(k) or y[[k]], counted from 0 or from 1; outputs as dy[k] = formula in their order, or as the
last bracketed list. Formulas are those of Python with ^ for ** and f[x] for f(x), and names of functions in any case.
"""

import ast
import re

import mpmath

COMMENT = re.compile(r"/\*.*?\*/|\(\*.*?\*\)|(?://|#|!).*?$", re.DOTALL | re.MULTILINE)
ASSIGNMENT = re.compile(r"(?:^|.*\s)([A-Za-z]\w*(?:\[+\d+\]+|\(\d+\))?)\s*(?:=|:=|<-)\s*([^=].*)$", re.DOTALL)
BODIES = (re.compile(r"^\w+\[[\w, ]*\] := Module\[\{.*?\]?\},$(.*)^\]$", re.DOTALL | re.MULTILINE),        # Wolfram
          re.compile(r".*^function \w+\(t, y, p\) \{$(.*?)^\}$.*", re.DOTALL | re.MULTILINE))              # JavaScript
FUNCTIONS = {name: getattr(mpmath, name) for name in ("sqrt", "sin", "cos", "tan", "exp", "tanh", "log", "sinh", "cosh",
                                                      "atan", "erf", "sign")}
FUNCTIONS |= {"arctan": mpmath.atan, "abs": abs, "heaviside": lambda x, half=0.5: (1 + mpmath.sign(x)) / 2, "min": min,
              "max": max, "minimum": min, "maximum": max, "choose": lambda c, a, b: a if c > 0 else b}
CHOICES = {"if": (0, 1, 2), "ifelse": (0, 1, 2), "where": (0, 1, 2), "merge": (2, 0, 1)}    # condition, then, else


def run(text, values):
    """The outputs of a printed program.

    Args:
        text: what a target printed.
        values: {"t": number, "y": list, "p": list}.
    """
    names, outputs = {"t": values["t"], "pi": +mpmath.pi}, {}
    arrays = {letter: values[letter] for letter in "yp"}
    text = COMMENT.sub("", text).strip()
    for body in BODIES:
        text = body.sub(r"\1", text)
    pieces = list(statements(text))
    base = min((int(k) for piece in pieces for k in re.findall(r"\b[yp][\[(]+(\d+)[\])]", piece)), default=0)
    for piece in pieces:
        found = ASSIGNMENT.match(piece.strip())
        if found is None:
            if piece.strip().startswith("return") and re.search(r"[\[{]", piece):
                return listed(piece, names, arrays, base)
            continue
        name, formula = found.groups()
        if re.match(r"import|np\.empty|\{", formula):
            continue
        value = evaluated(formula, names, arrays, base)
        if name.startswith("dy"):
            outputs[int(re.search(r"\d+", name)[0])] = value
        else:
            names[name] = value
    return [outputs[k] for k in sorted(outputs)]


def statements(text):
    """The statements of a text: ends of lines and semicolons end them where no bracket is open."""
    depth, start = 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and sign in "\n;":
            yield text[start:place]
            start = place + 1
    yield text[start:]


def listed(text, names, arrays, base):
    """The values of the last bracketed list."""
    inside = re.search(r"[\[{](.*)[\]}]", text, re.DOTALL)[1]
    tree = ast.parse(f"[{python(inside)}]", mode="eval").body
    return [walk(item, names, arrays, base) for item in tree.elts]


def evaluated(formula, names, arrays, base):
    return walk(ast.parse(f"({python(formula)})", mode="eval").body, names, arrays, base)


def python(formula):
    """A formula in Python's spelling."""
    return re.sub(r"(\d)[dD]([-+]?\d)", r"\1e\2", formula.replace("*^", "e").replace("^", "**"))


def walk(node, names, arrays, base):
    """The value of a formula's tree; nothing is executed."""
    def value(part):
        return walk(part, names, arrays, base)
    if isinstance(node, ast.Constant):
        return mpmath.mpf(str(node.value))
    if isinstance(node, ast.Name):
        return names[node.id] if node.id in names else names[node.id.lower()]
    if isinstance(node, ast.Attribute):                         # np.pi
        return names[node.attr.lower()]
    if isinstance(node, ast.UnaryOp):
        return -value(node.operand) if isinstance(node.op, ast.USub) else value(node.operand)
    if isinstance(node, ast.BinOp):
        a, b = value(node.left), value(node.right)
        return {ast.Add: lambda: a + b, ast.Sub: lambda: a - b, ast.Mult: lambda: a * b, ast.Div: lambda: a / b,
                ast.Pow: lambda: a**b}[type(node.op)]()
    if isinstance(node, ast.IfExp):
        return value(node.body) if value(node.test) else value(node.orelse)
    if isinstance(node, ast.Compare):
        a, b = value(node.left), value(node.comparators[0])
        return {ast.Gt: a > b, ast.Lt: a < b}[type(node.ops[0])]
    function, argument = (node.func, node.args[0]) if isinstance(node, ast.Call) else (node.value, node.slice)
    word = getattr(function, "attr", getattr(function, "id", "")).lower()
    if word in arrays:
        inner = argument.elts[0] if isinstance(argument, ast.List) else argument
        return arrays[word][int(value(inner)) - base]
    if word == "pow":
        return value(argument)**value(node.args[1])
    if word in ("mpf", "float", "n"):
        return value(argument)
    given = node.args if isinstance(node, ast.Call) else getattr(argument, "elts", [argument])
    if word in CHOICES:
        condition, first, second = (given[k] for k in CHOICES[word])
        return value(first) if value(condition) else value(second)
    assert word in FUNCTIONS, f"{word!r} is no function of a kernel"
    return FUNCTIONS[word](*map(value, given))
