"""A statement's syntax tree becomes its facts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from .facts import Facts
from .kinds import find_makers, only_shows, what_it_makes
from .ledger import Ledger
from .names import (
    Sources,
    base_names,
    captured_names,
    certain_names,
    dotted_path,
    plain_names,
    value_sources,
)
from .scopes import LEAVES, Scope, collect_names, declare_globals
from .words import CHANGING_METHODS

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def read_facts(statement: ast.stmt) -> Facts:
    """The facts of a statement of a module. Raises ``RecursionError`` for trees that are nested too deeply."""
    ledger = Ledger()
    _Walk(ledger).visit(statement)
    ledger.join_sources()
    return Facts(
        uses=frozenset(ledger.uses),
        later_uses=frozenset(ledger.later_uses),
        binds=frozenset(ledger.binds),
        kills=frozenset(certain_names([statement])),
        changes=frozenset(ledger.changes),
        deep_changes=frozenset(ledger.deep_changes),
        later_changes=frozenset(ledger.later_changes),
        calls=tuple(ledger.calls),
        later_calls=tuple(ledger.later_calls),
        same={name: frozenset(sources) for name, sources in ledger.same.items()},
        held={name: frozenset(sources) for name, sources in ledger.held.items()},
        imports=ledger.imports,
        modules=frozenset(ledger.modules),
        stars=tuple(ledger.stars),
        invokes=ledger.invokes,
        makers=frozenset(find_makers(statement.value)) if isinstance(statement, ast.Assign) else frozenset(),
        shows=only_shows(statement) and not ledger.has_effects,
        yields=ledger.yields,
        makes=what_it_makes(statement),
    )


class _Walk(ast.NodeVisitor):
    """Walks one statement and enters what it finds in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def visit(self, node: ast.AST) -> None:
        kind = type(node)
        handler = _HANDLERS.get(kind)
        if handler is None:
            handler = _HANDLERS[kind] = getattr(type(self), f"visit_{kind.__name__}", type(self).generic_visit)
        handler(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        # The standard library's takes twice as long.
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for one in value:
                    if isinstance(one, ast.AST):
                        self.visit(one)
            elif isinstance(value, ast.AST) and not isinstance(value, LEAVES):
                self.visit(value)

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # Names and their parts.

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.ledger.bind(node.id)
            return
        self.ledger.use(node.id)
        if isinstance(node.ctx, ast.Del):
            self.ledger.bind(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._change_part(node)
        elif node.attr in CHANGING_METHODS:  # called here, or given to something that calls it
            self.ledger.change(value_sources(node.value).all, deep=not isinstance(node.value, ast.Name))
        self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.ledger.invoke()
        if not isinstance(node.ctx, ast.Load):
            self._change_part(node)
        self.visit(node.value)
        self.visit(node.slice)

    def _change_part(self, node: ast.Attribute | ast.Subscript) -> None:
        self.ledger.change(value_sources(node.value).all, deep=not isinstance(node.value, ast.Name))
        if "__class__" in dotted_path(node).split("."):
            self.ledger.change_class()

    # Expressions.

    def visit_Call(self, node: ast.Call) -> None:
        self.ledger.call(node, bare=False)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call):
            self.ledger.call(value, bare=True)
            self.generic_visit(value)
        else:
            self.visit(value)

    def _visit_operator(self, node: ast.AST) -> None:
        self.ledger.invoke()
        self.generic_visit(node)

    def _visit_yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.ledger.yields = True
        self.generic_visit(node)

    visit_Yield = visit_YieldFrom = _visit_yield
    visit_BinOp = visit_Compare = visit_UnaryOp = visit_Await = visit_While = visit_FormattedValue = _visit_operator

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """``:=`` binds in the nearest scope that is no comprehension."""
        self.visit(node.value)
        ledger = self.ledger
        inner = ledger.scope
        while ledger.scope is not None and ledger.scope.kind == "comprehension":
            ledger.scope = ledger.scope.parent
        ledger.share([node.target.id], value_sources(node.value))
        ledger.bind(node.target.id)
        ledger.scope = inner

    def _visit_comprehension(self, node: Comprehension) -> None:
        """The first iterable belongs to the scope around. A generator may read all the rest again later."""
        ledger = self.ledger
        ledger.invoke()
        first = node.generators[0]
        self.visit(first.iter)
        scope = Scope("comprehension", ledger.scope)
        for generator in node.generators:
            scope.own.update(plain_names(generator.target))

        def read() -> None:
            for generator in node.generators:
                ledger.share(plain_names(generator.target), _parts_of(generator.iter))
                if generator is not first:
                    self.visit(generator.iter)
                self.visit_all(generator.ifs)
            self.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

        around, ledger.uses = ledger.uses, set()
        ledger.enter(scope, read, later=False)
        if isinstance(node, ast.GeneratorExp):
            ledger.later_uses |= ledger.uses
        ledger.uses |= around

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    # Functions and classes.

    def _visit_function(self, node: Function) -> None:
        """Decorators, defaults and annotations are read now, the body later."""
        arguments = node.args
        self.visit_all([*arguments.defaults, *arguments.kw_defaults])
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
        scope = _function_scope(node, parameters, self.ledger.scope)

        def read() -> None:
            self.visit_all(parameter.annotation for parameter in parameters)
            self.visit_all([getattr(node, "returns", None)])
            scope.parent = self.ledger.scope
            body = node.body if isinstance(node.body, list) else [node.body]
            self.ledger.enter(scope, lambda: self.visit_all(body), later=True)

        if not isinstance(node, ast.Lambda):
            self._decorators(node)
        self._with_type_parameters(node, read)
        if not isinstance(node, ast.Lambda):
            self.ledger.bind(node.name)
            self._keep_state(node, scope)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = _visit_function

    def _keep_state(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        """A default that a function changes is its state; what a class method changes is the class's."""
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        pairs = zip(reversed(named), reversed(arguments.defaults), strict=False)
        defaults: list[tuple[ast.arg, ast.expr | None]] = list(pairs)
        defaults += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        changed = scope.all_changed()
        if scope.parent is None:
            for argument, value in defaults:
                if value is not None and argument.arg in changed:
                    self.ledger.later_changes.update([node.name], value_sources(value).all)
        decorators = {dotted_path(decorator) for decorator in node.decorator_list}
        if ("classmethod" in decorators or node.name == "__init_subclass__") and named and named[0].arg in changed:
            self.ledger.change_class()

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
            if not isinstance(decorator, ast.Call):
                self.ledger.call(ast.Call(decorator, [], []), bare=False)

    def _with_type_parameters(self, node: ast.AST, read: Callable[[], None]) -> None:
        """Read where the names of ``def f[T]``, ``class C[T]`` or ``type A[T]`` are known."""
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if not parameters:
            read()
            return
        scope = Scope("function", self.ledger.scope, own={getattr(parameter, "name", "") for parameter in parameters})

        def read_both() -> None:
            self.visit_all(parameters)
            read()

        self.ledger.enter(scope, read_both, later=False)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._decorators(node)

        def read() -> None:
            self.visit_all([*node.bases, *node.keywords])
            scope = Scope("class", self.ledger.scope, node.name)
            declare_globals(node.body, scope)
            self.ledger.enter(scope, lambda: self.visit_all(node.body), later=False)

        if node.bases or node.keywords:
            self.ledger.invoke()
        self._with_type_parameters(node, read)
        self.ledger.bind(node.name)

    def visit_TypeAlias(self, node: ast.AST) -> None:
        """``type A[T] = …``, of Python 3.12: the value is looked at later."""
        name, value = (getattr(node, part) for part in ("name", "value"))
        self.visit(name)

        def read() -> None:
            self.ledger.enter(Scope("function", self.ledger.scope), lambda: self.visit(value), later=True)

        self._with_type_parameters(node, read)

    # Statements.

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._share(target, node.value)
            self.visit(target)

    def _share(self, target: ast.AST, value: ast.AST) -> None:
        """A name stands for the value; what the target is a part of holds it."""
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                for one, its_value in zip(target.elts, value.elts, strict=True):
                    self._share(one, its_value)
            else:
                self.ledger.share(base_names(target), _parts_of(value))
            return
        sources = value_sources(value)
        names = set(plain_names(target))
        self.ledger.share(names, sources)
        self.ledger.share(set(base_names(target)) - names, Sources(held=sources.all))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self._share(node.target, node.value)
        if self.ledger.scope is None or self.ledger.scope.kind == "class":
            self.visit(node.annotation)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.ledger.invoke()
        self.visit(node.value)
        names = set(base_names(node.target))
        for name in names:
            self.ledger.use(name)
        self.ledger.change(names, deep=not isinstance(node.target, ast.Name))
        self.ledger.share(names, Sources(held=value_sources(node.value).all))
        self.visit(node.target)

    def _visit_for(self, node: ast.For | ast.AsyncFor) -> None:
        self.ledger.invoke()
        self.ledger.share(base_names(node.target), _parts_of(node.iter))
        self.generic_visit(node)

    visit_For = visit_AsyncFor = _visit_for

    def visit_withitem(self, node: ast.withitem) -> None:
        self.ledger.invoke()
        if node.optional_vars is not None:
            self._share(node.optional_vars, node.context_expr)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.ledger.bind(node.name)
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.ledger.invoke()
        captured = {name for case in node.cases for name in captured_names(case.pattern)}
        self.ledger.share(captured, _parts_of(node.subject))
        for name in captured:
            self.ledger.bind(name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top, _, inner = alias.name.partition(".")
            if inner and not alias.asname:
                self.ledger.use(top)
                self.ledger.change([top])
            self.ledger.bring(alias.asname or top, alias.name if alias.asname else top, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.ledger.modules.add(module)
                self.ledger.stars.append(module)
            else:
                self.ledger.bring(alias.asname or alias.name, f"{module}.{alias.name}", module)


def _parts_of(node: ast.AST) -> Sources:
    """Where the parts of an expression's value come from."""
    return Sources(value_sources(node).all)


_HANDLERS: dict[type[ast.AST], Callable[[_Walk, ast.AST], None]] = {}


def _function_scope(node: Function, parameters: list[ast.arg], parent: Scope | None) -> Scope:
    names = [parameter.arg for parameter in parameters]
    scope = Scope("function", parent, own=set(names), given=set(names))
    if parent is not None and parent.kind == "class" and names:
        scope.given.discard(names[0])  # the object itself: its methods are a part of it
    collect_names(node.body if isinstance(node.body, list) else [node.body], scope)
    return scope
