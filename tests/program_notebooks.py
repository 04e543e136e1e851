"""Small notebooks for the programs of sections, each with something that is easily got wrong.

Each has cells between lines of `---`; the last one is the section's. What it leaves in `answer` must be the same for
the whole notebook and for the program. Statements that begin on a line marked `# -` must not be in the program.
"""

from __future__ import annotations

import textwrap

CASES: dict[str, str] = {}


def case(name: str, notebook: str) -> None:
    assert name not in CASES
    CASES[name] = textwrap.dedent(notebook).strip()


case("constants", """
    a = 1; b = 2
    c = a + 1
    d = 4  # -
    ---
    print(d)  # -
    ---
    answer = c, b
""")
case("a redefinition before use wins", """
    n = 1 / 1  # -
    n = 2  # -
    ---
    n = 3
    ---
    answer = n
""")
case("a redefinition that uses the old value", """
    n = 1
    n = n + 1
    ---
    answer = n
""")
case("a redefinition after use", """
    n = 1
    m = n + 1
    n = 5  # -
    ---
    answer = m
""")
case("a function reads what is there when it runs", """
    k = 1  # -
    def f(x):
        return x * k
    k = 2
    a = f(1)
    k = 3
    ---
    answer = a, f(1)
""")
case("functions call functions that are defined later", """
    def f(x):
        return g(x) + 1
    ---
    def g(x):  # -
        return 0
    def g(x):
        return h(x) * 2
    ---
    import math
    def h(x):
        return math.floor(x)
    ---
    answer = f(2.5)
""")
case("recursion", """
    def even(n): return n == 0 or odd(n - 1)
    def odd(n): return n != 0 and even(n - 1)
    unused = even(3)  # -
    ---
    answer = even(10)
""")
case("a function that wraps its older self", """
    def f(x): return x + 1
    old = f
    def f(x): return old(x) * 10
    ---
    answer = f(1)
""")
case("augmented assignment", """
    n = 1
    n += 1
    m = 5  # -
    m *= 2  # -
    ---
    n <<= 3
    ---
    answer = n
""")
case("augmented assignment to a shared list", """
    a = []
    b = a
    b += [1]
    ---
    answer = a
""")
case("method calls that change", """
    a = [3, 1]
    a.append(2)
    a.sort()
    b = [1]  # -
    b.append(a.count(1))  # -
    ---
    answer = a
""")
case("a method call in an assignment changes too", """
    a = [3, 1, 2]
    last = a.pop()
    shown = a.index(1)  # -
    ---
    answer = a
""")
case("methods that only look", """
    text = "a b"
    words = text.split()  # -
    upper = text.upper()  # -
    text.strip()  # -
    ---
    answer = text
""")
case("items, attributes, slices and their deletion", """
    class Bag: pass
    d = {}
    d["a"] = 1
    d["b"] = d["a"] + 1
    del d["a"]
    l = [1, 2, 3]
    l[1:] = [5]
    bag = Bag()
    bag.size = 3
    bag.inner = Bag()
    bag.inner.size = 4
    other = Bag()  # -
    other.size = 1  # -
    ---
    answer = d, l, bag.size, bag.inner.size
""")
case("an item that is set through an index", """
    i = [0]
    grid = [[0, 0], [0, 0]]
    grid[i[0]][1] = 7
    ---
    answer = grid
""")
case("setattr and delattr", """
    class Bag: pass
    bag = Bag()
    setattr(bag, "a", 1)
    setattr(bag, "b", 1)
    delattr(bag, "b")
    ---
    answer = vars(bag)
""")
case("decorators that keep a register", """
    REGISTER = {}
    def register(function):
        REGISTER[function.__name__] = function
        return function
    @register
    def a(): return 1
    @register
    def b(): return 2
    def c(): return 3  # -
    ---
    answer = sorted(REGISTER)
""")
case("a decorator with arguments", """
    NAMES = []
    def register(name):
        def keep(function):
            NAMES.append(name)
            return function
        return keep
    @register("x")
    def a(): return 1
    ---
    answer = NAMES
""")
case("a decorator that replaces", """
    from functools import wraps
    def twice(function):
        @wraps(function)
        def inner(*args):
            return function(*args) * 2
        return inner
    @twice
    def f(x): return x
    ---
    answer = f(3), f.__name__
""")
case("a decorator that counts calls", """
    def counted(function):
        def inner(*args):
            inner.calls += 1
            return function(*args)
        inner.calls = 0
        return inner
    @counted
    def f(x): return x
    f(1)
    y = f(2)
    ---
    answer = f.calls
""")
case("cached functions have no state to be seen", """
    from functools import lru_cache
    @lru_cache
    def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
    a = fib(30)  # -
    ---
    answer = fib(10)
""")
case("class bodies", """
    size = 3
    unused = 4  # -
    class A:
        width = size
        area = width * 2
        def get(self): return factor * self.area
    factor = 5
    size = 9  # -
    ---
    answer = A().get()
""")
case("a class body that reads a name before it binds it", """
    x = 1
    class A:
        x = x + 1
        items = [y for y in range(x)]
    ---
    answer = A.x, A.items
""")
case("inheritance", """
    class Base:
        def name(self): return prefix + self.own()
    class Middle(Base):
        def own(self): return "middle"
    class Other(Base): pass  # -
    class Last(Middle):
        def own(self): return super().own() + "!"
    prefix = "the "
    ---
    answer = Last().name()
""")
case("subclasses that register themselves", """
    class Plugin:
        known = []
        def __init_subclass__(cls):
            Plugin.known.append(cls.__name__)
    class A(Plugin): pass
    class B(Plugin): pass
    ---
    answer = Plugin.known
""")
case("subclasses that register themselves through cls", """
    class Plugin:
        known = ()
        def __init_subclass__(cls):
            cls.__mro__[1].known += (cls.__name__,)
    class A(Plugin): pass
    ---
    answer = Plugin.known
""")
case("a class method with a counter", """
    class Counter:
        made = 0
        def __init__(self): Counter.made += 1
    class Tally:
        n = 0
        @classmethod
        def up(cls): cls.n += 1
    a = Counter()
    b = Counter()
    Tally.up()
    ---
    answer = Counter.made, Tally.n
""")
case("a list that all objects of a class share", """
    class A:
        items = []
        def add(self, x): self.items.append(x)
    first = A()
    first.add(1)
    ---
    answer = A().items
""")
case("a method put into a class afterwards", """
    class A: pass
    a = A()
    def double(self): return self.n * 2
    A.double = double
    a.n = 4
    b = A()  # -
    ---
    answer = a.double()
""")
case("objects with a state", """
    class Account:
        def __init__(self): self.amount = 0
        def pay(self, n): self.amount += n
        @property
        def shown(self): return f"{self.amount} {unit}"
    unit = "EUR"
    one = Account()
    two = Account()  # -
    one.pay(5)
    two.pay(6)  # -
    left = one.pay(7)
    ---
    answer = one.shown
""")
case("operators of classes", """
    class V:
        def __init__(self, x): self.x = x
        def __add__(self, other): return V((self.x + other.x) * scale)
    scale = 2
    a = V(1) + V(2)
    scale = 10
    ---
    answer = (a + V(0)).x
""")
case("data classes, enumerations and named tuples", """
    from dataclasses import dataclass, field
    from enum import Enum
    from collections import namedtuple, OrderedDict
    Point = namedtuple("Point", "x y")
    START = 5
    class Colour(Enum):
        RED = START
    @dataclass
    class Box:
        place: Point
        colour: Colour = Colour.RED
        content: list = field(default_factory=list)
    ---
    answer = repr(Box(Point(1, 2)))
""")
case("default arguments are read at the definition", """
    n = 1
    def f(x=n, *, y=n + 1):
        return x, y
    n = 7  # -
    ---
    answer = f()
""")
case("a default argument that keeps a state", """
    def f(x, seen=[]):
        seen.append(x)
        return len(seen)
    f(1)
    count = f(2)
    ---
    answer = f(3)
""")
case("attributes of functions", """
    def f(): return f.n
    f.n = 3
    ---
    answer = f()
""")
case("comprehensions have names of their own", """
    x = 10
    i = 5  # -
    squares = [i * x for i in range(3)]
    pairs = {k: [v for v in squares if v > k] for k in (1, 2)}
    ---
    answer = pairs, [x for x in (1, 2)]
""")
case("a comprehension whose first iterable has its variable's name", """
    x = [1, 2]
    x = [x for x in x]
    ---
    answer = [x for x in x if x > 1]
""")
case("generators read later", """
    n = 1
    g = (n * i for i in range(3))
    n = 2
    ---
    answer = list(g)
""")
case("iterators are used up", """
    it = iter([1, 2, 3, 4])
    first = next(it)
    for x in it:
        break
    print(list(zip(it, "a")))
    ---
    answer = list(it)
""")
case("generator functions keep their place", """
    def count():
        n = 0
        while True:
            n += 1
            yield n
    numbers = count()
    a = next(numbers)
    print([n for n, _ in zip(numbers, "abc")])
    ---
    answer = next(numbers)
""")
case("assignment expressions", """
    if (n := 10) > 5: pass
    print(m := n + 1)
    total = [last := y for y in range(4)]
    ---
    answer = n, m, last
""")
case("functions that write globals", """
    count = 0
    def bump():
        global count
        count += 1
        return count
    other = 1  # -
    bump()
    print(bump())
    ---
    answer = count
""")
case("functions that write globals by way of others", """
    state = {}
    def put(k, v): state[k] = v
    def fill():
        for k in "ab":
            put(k, 1)
    def noop(): return 1  # -
    noop()  # -
    fill()
    ---
    answer = state
""")
case("a function that defines a global", """
    def setup():
        global made
        made = [1]
    setup()
    made.append(2)
    ---
    answer = made
""")
case("a method that writes a global", """
    log = []
    class Step:
        def run(self): log.append("run")
    step = Step()
    step.run()
    ---
    answer = log
""")
case("a callback that writes a global", """
    seen = []
    def visit(x): seen.append(x)
    def each(function, values):
        for value in values: function(value)
    each(visit, [1, 2])
    list(map(visit, [3]))
    ---
    answer = seen
""")
case("closures keep a state", """
    def counter():
        n = 0
        def up():
            nonlocal n
            n += 1
            return n
        return up
    one, two = counter(), counter()
    one()
    a = one()
    ---
    answer = one()
""")
case("functions that change what they are given", """
    def add(target, x): target.append(x)
    def add_all(target, values):
        for value in values: add(target, value)
    def total(values): return sum(values)  # -
    a = [1]
    add(a, 2)
    add_all(a, (3, 4))
    print(total(a))  # -
    shown = total(a)  # -
    ---
    answer = a
""")
case("a function that changes a part of what it is given", """
    def grow(rows):
        for row in rows:
            first = row
            first.append(0)
    table = [[1], [2]]
    grow(table)
    ---
    answer = table
""")
case("a function by another name", """
    from functools import partial
    def add(target, x): target.append(x)
    put = add
    one = partial(add, x=1)
    a = []
    put(a, 2)
    one(a)
    ---
    answer = a
""")
case("a method by another name", """
    a = []
    add = a.append
    add(1)
    ---
    answer = a
""")
case("an alias", """
    a = [1]
    b = a
    b.append(2)
    c = [3]  # -
    c.append(4)  # -
    ---
    answer = a
""")
case("an alias, the other way round", """
    a = [1]
    b = a
    a.append(2)
    a = 5  # -
    ---
    answer = b
""")
case("an alias inside a container", """
    inner = []
    outer = {"a": inner, "b": [inner]}
    inner.append(1)
    outer["b"][0].append(2)
    ---
    answer = outer
""")
case("chained and starred assignment", """
    a = b = []
    b.append(1)
    first, *rest = [1, 2, 3]
    rest.append(4)
    (x, y), z = (1, 2), 3
    x, y = y, x
    ---
    answer = a, first, rest, x, y, z
""")
case("a loop's variable is a part of what it goes through", """
    rows = [{"n": 1}, {"n": 2}]
    for row in rows:
        row["m"] = row["n"] * 2
    for row in rows:  # -
        print(row)
    ---
    answer = rows
""")
case("loops and conditions that bind", """
    total = 0
    for i in range(4):
        total += i
    if total > 3:
        size = "big"
    else:
        size = "small"
    while total > 2:
        total -= 1
    else:
        done = True
    ---
    answer = total, size, done, i
""")
case("a condition that binds perhaps", """
    n = 1
    if n > 5:
        n = 2
    ---
    answer = n
""")
case("a condition that binds for certain", """
    n = 1  # -
    flag = True
    if flag:
        n = 2
    else:
        n = 3
    ---
    answer = n
""")
case("try", """
    try:
        import a_module_that_nobody_has as fast
    except ImportError:
        fast = None
    try:
        n = 1 / 0
    except ZeroDivisionError as error:
        n = str(error)
    finally:
        m = 2
    ---
    answer = fast, n, m
""")
case("with", """
    from contextlib import contextmanager, suppress
    @contextmanager
    def opened(x):
        yield x + 1
    with opened(1) as n:
        m = n * 2
    with suppress(KeyError):
        m = {}["a"]
    ---
    answer = n, m
""")
case("match", """
    value = {"kind": "point", "at": [1, 2, 3], "more": 1}
    match value:
        case {"kind": "point", "at": [x, *rest], **others}:
            rest.append(9)
        case str() as text:
            pass
    ---
    answer = x, rest, others
""")
case("match on classes and constants", """
    class P:
        __match_args__ = ("x",)
        def __init__(self, x): self.x = x
    class K:
        ZERO = 0
    def f(p):
        match p:
            case P(K.ZERO): return "zero"
            case P(x) if x > limit: return "many"
            case _: return "few"
    limit = 5
    ---
    answer = f(P(0)), f(P(6)), f(P(2))
""")
case("del and a new definition", """
    a = [1]  # -
    del a  # -
    a = [2]
    ---
    answer = a
""")
case("imports", """
    import os.path as p, math
    import collections.abc
    import os.path
    from math import pi as circle, floor
    import json  # -
    ---
    answer = p.basename("a/b"), math.tau, circle, floor(2.5), os.sep, issubclass(list, collections.abc.Sized)
""")
case("two modules of one package", """
    import os.path
    import os
    import xml.dom
    import xml.sax
    ---
    answer = os.path.basename("a/b"), xml.dom.__name__
""")
case("imports inside functions", """
    def f(x):
        import math
        return math.floor(x) + k
    k = 1
    ---
    answer = f(2.5)
""")
case("seeds", """
    import random
    random.seed(4)
    a = random.random()
    b = 5  # -
    ---
    answer = random.random()
""")
case("a seed under another name, a module imported twice", """
    from random import seed, random
    seed(3)
    ---
    import random as r
    r.random()
    import random as r
    def draw(): return random()
    draw()
    ---
    answer = r.random()
""")
case("a generator of random numbers", """
    from random import Random
    rng = Random(1)
    a = rng.random()
    def roll(): return rng.randint(1, 6)
    b = roll()
    ---
    answer = [roll() for _ in range(5)]
""")
case("shuffled and sorted by the standard library", """
    import random, heapq, bisect
    cards = list(range(5))
    random.seed(1)
    random.shuffle(cards)
    heap = []
    heapq.heappush(heap, 3)
    heapq.heappush(heap, 1)
    least = heapq.heappop(heap)
    order = [1, 3]
    bisect.insort(order, 2)
    ---
    answer = cards, heap, order
""")
case("settings of modules", """
    import decimal  # -
    from decimal import Decimal, getcontext
    getcontext().prec = 5
    ---
    answer = str(Decimal(1) / Decimal(3))
""")
case("a module that is changed", """
    import math
    math.answer = 42
    ---
    answer = math.answer
""")
case("f-strings and their formats", """
    width = 6
    unit = "ms"
    def show(x): return f"{x:{width}.1f} {unit!r}"
    ---
    answer = show(1.5)
""")
case("lambdas", """
    k = 2
    double = lambda x, by=k: x * by * scale
    scale = 3
    fs = [lambda i=i: i for i in range(3)]
    y = double(1)  # -
    ---
    answer = double(4), [f() for f in fs]
""")
case("annotations", """
    from __future__ import annotations
    from typing import NamedTuple
    class P(NamedTuple):
        x: int
        y: float = 1.0
    limit: int = 3
    unset: int  # -
    def f(p: P) -> P: return P(p.x + limit)
    ---
    answer = f(P(1))
""")
case("async functions", """
    import asyncio  # -
    async def one(): return n
    n = 3
    ---
    async def both(): return [await one(), await one()]
    coroutine = both()
    try:
        coroutine.send(None)
    except StopIteration as stop:
        answer = stop.value
""")
case("single dispatch", """
    from functools import singledispatch
    @singledispatch
    def show(x): return "?"
    @show.register
    def _(x: int): return "int"
    @show.register(str)
    def _(x): return "str"
    ---
    answer = show(1), show("a"), show(1.5)
""")
case("names that look like others", """
    class A:
        total = 1  # an attribute is no name
    total = 5  # -
    def f(total): return total
    def g():
        total = 3
        return [total for total in (1,)], total
    ---
    answer = A.total, f(2), g()
""")
case("a parameter hides a global in nested functions", """
    k = 1  # -
    m = 2
    def outer(k):
        def inner(): return k + m
        return inner
    ---
    answer = outer(3)()
""")
case("shadowed built-in functions", """
    def sum(values): return "mine"
    max = 3
    ---
    answer = sum([1]), max
""")
case("prints and displays are left out", """
    table = [3, 1]
    print(table)  # -
    table  # -
    len(table)  # -
    sorted(table)  # -
    ---
    answer = table
""")
case("code that reads names from strings", """
    a = 1
    b = 2
    total = eval("a + b")
    exec("c = total * 2")
    ---
    answer = c
""")
case("globals()", """
    n = 1
    globals()["m"] = 5
    ---
    answer = m + n
""")
case("the cell defines what it uses", """
    n = 1  # -
    k = 2
    ---
    n = 5
    def f(): return n * k
    answer = f()
""")
case("the cell uses a name before it binds it", """
    n = 1
    ---
    m = n
    n = 5
    answer = m, n
""")
case("long statements and several on a line", """
    a = (1 +
         2); b = '''x
      y'''; c = 3  # -
    if a: d = 1; e = [
        2,
    ]
    ---
    answer = a, b, e
""")
case("text beyond ASCII", """
    größe = "ä"; naïve = "é"
    Ünit = größe + "…"
    ---
    answer = Ünit, naïve
""")
case("a nested function shares a name with a global", """
    data = [1]
    def outer():  # -
        data = []
        def add(x): data.append(x)
        add(1)
        return data
    outer()  # -
    ---
    answer = data
""")
case("a list built in a function stays there", """
    rows = [1, 2]
    def double(values):  # -
        found = []
        for value in values:
            found.append(value * 2)
        return found
    twice = double(rows)  # -
    ---
    answer = rows
""")
case("a key function without a name runs at once", """
    weight = -1
    order = sorted([1, 2], key=lambda x: weight * x)
    weight = 5
    first = (lambda: order)()
    first.append(3)
    ---
    answer = order
""")
case("a function that gives away a global", """
    table = []
    def get(): return table
    def make(): return [1]  # -
    get().append(1)
    t = get()
    t.append(2)
    m = make()  # -
    m.append(3)  # -
    ---
    answer = table
""")
case("two names of one list, both lengthened", """
    a = [1]
    b = a
    a += [2]
    b += [3]
    ---
    answer = a
""")
case("an object put into another by another name", """
    inner = [1]
    outer = []
    other = outer
    other.append(inner)
    inner.append(2)
    inner = []  # -
    ---
    answer = outer
""")
case("a function that keeps what it is given", """
    kept = []
    last = None
    def keep(x):
        global last
        last = x
        kept.append(x)
    mine = [1]
    keep(mine)
    mine.append(2)
    ---
    answer = kept, last
""")
case("values unpacked from a pair of lists", """
    x = [1]
    y = [2]
    p, q = x, y
    p.append(3)
    q.append(4)  # -
    ---
    answer = x
""")
case("a simulation", """
    import heapq
    import random
    from collections import deque
    SEED = 7
    random.seed(SEED)
    ---
    class Server:
        def __init__(self, rate): self.rate, self.queue = rate, deque()
        def work(self): return rng.expovariate(self.rate)
    rng = random.Random(SEED)
    servers = [Server(rate) for rate in (1.0, 2.0)]
    print(len(servers))  # -
    ---
    def simulate(arrivals):
        events = []
        for number in range(arrivals):
            server = min(servers, key=lambda s: len(s.queue))
            server.queue.append(number)
            heapq.heappush(events, (server.work(), number))
        return [heapq.heappop(events)[1] for _ in range(arrivals)]
    warm = simulate(3)
    table = {"warm": warm}  # -
    ---
    answer = simulate(5)
""")
case("a method given away", """
    a = []
    b = []  # -
    list(map(a.append, [1, 2]))
    list(map(b.append, [1]))  # -
    ---
    answer = a
""")
case("a default argument that others know as well", """
    cache = {}
    def f(x, *, known=cache):
        known[x] = 1
        return x
    f(1)
    ---
    answer = cache
""")
case("an object that counts in its class", """
    class A:
        made = 0
        def __init__(self): self.__class__.made += 1
    class B:
        made = 0
        def __init__(self): type(self).made += 1
    one, two = A(), B()
    ---
    answer = A.made, B.made
""")
case("an argument that keeps another", """
    import heapq
    def put(target, x): target.append(x)
    inner, other, third = [1], [2], [3]
    outer, heap = [], []
    put(outer, inner)
    heapq.heappush(heap, other)
    class Bag: pass
    bag = Bag()
    setattr(bag, "third", third)
    inner.append(4)
    other.append(5)
    third.append(6)
    ---
    answer = outer, heap, bag.third
""")
case("a section's function does not run where it is shown", """
    class Shown:  # -
        def __call__(self, **controls): return lambda function: function
    interact = Shown()  # -
    ---
    import random  # -
    KINDS = {"a": lambda rng: rng.random()}
    ---
    @interact(n=3)  # -
    def first(n=3):
        queue = [0] * n
        rng = random.Random(1)
        for turn in range(n):
            queue[turn] += max(KINDS["a"](rng), 0)
        return queue
    ---
    answer = sorted(KINDS), max(1, 2)
""")
