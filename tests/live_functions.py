# The functions of test_browser_live.py: the standard library only, and numbers of every size.
import datetime
import decimal
import fractions
import functools
import itertools
import json
import math
import random
import statistics
import textwrap
from collections import Counter, OrderedDict, defaultdict, namedtuple

from nbblog import interact, plot

Point = namedtuple("Point", "x y")


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def numbers(n, x, word):
    print(f"{n:,} {x:,.2f} {n * 10**9:,} {x / 3:.3e} {-x:>12.4g} {n / 7!r} {x % 1:.1%}")
    return n / x, n // 3, n % 7, divmod(n, 5), round(x), round(x, 1), abs(-x), n**5


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def functions(n, x, word):
    rows = [math.sqrt(n * x), math.log(n + x), math.log10(n + 1), math.exp(x / 9), math.sin(x), math.atan2(n, x)]
    return [{"value": value, "short": round(value, 3), "hypot": math.hypot(value, n)} for value in rows]


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def whole(n, x, word):
    return {"factorial": math.factorial(n % 20), "comb": math.comb(n, 3), "gcd": math.gcd(n, 84), "big": 3**n}


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def erlang(n, x, word):
    blocked = functools.reduce(lambda b, servers: x * b / (servers + x * b), range(1, n + 1), 1.0)
    waits = blocked / (1 - x / n * (1 - blocked)) if x < n else None
    return {"blocking": blocked, "waiting": waits, "stable": x < n, "note": None}


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def chance(n, x, word):
    generator = random.Random(n)
    drawn = [generator.gauss(x, 2) for _ in range(50)]
    return {
        "mean": statistics.mean(drawn),
        "spread": statistics.stdev(drawn),
        "median": statistics.median(drawn),
        "first": generator.choice("abcdef"),
        "shuffled": generator.sample(range(100), 5),
    }


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def exact(n, x, word):
    with decimal.localcontext() as context:
        context.prec = 30
        third = decimal.Decimal(n) / 3
    rounded = decimal.Decimal(str(x)).quantize(decimal.Decimal("0.1"))
    return third, fractions.Fraction(n, 84) + fractions.Fraction(1, 3), rounded


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def days(n, x, word):
    day = datetime.date(2024, 2, 1) + datetime.timedelta(days=n)
    moment = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(hours=x)
    print(day.strftime("%d %B %Y, %A, week %V"), moment.isoformat(), sep="\n")
    return [{"day": day, "next": day.replace(year=2028), "weekday": day.weekday(), "in": day - moment.date()}]


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def words(n, x, word):
    text = f"{word} & <{n}> “{x}” " * 9
    print(textwrap.fill(text, 40))
    print(word.title().center(20, "·"), word.replace("o", "ø").encode().hex(), sorted(word, key=str.casefold))
    return Counter(text).most_common(3), word.partition(" "), f"{word!r:>20}"


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def collections(n, x, word):
    groups = defaultdict(list)
    for number in range(n):
        groups[number % 3].append(Point(number, x))
    pairs = list(itertools.islice(itertools.combinations(range(n), 2), 4))
    return OrderedDict(sorted(groups.items())), pairs, {number % 7 for number in range(n)}, frozenset({n})


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def written(n, x, word):
    print(json.dumps({"n": n, "x": x, "word": word, "list": [x / 7, None, True]}, indent=1, sort_keys=True))
    return [[row * n + column for column in range(9)] for row in range(9)]


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def chart(n, x, word):
    years = list(range(1, 11))
    growing = [x * 1.07**year for year in years]
    return plot(years, {word: growing, "flat": [n] * 10}, title=f"{word} from {x}"), {"at the end": growing[-1]}


@interact(n=(1, 99), x=(0.0, 40.0), word="a")
def failing(n, x, word):
    print("before")
    if n % 3 == 0:
        raise ValueError(f"{n} is not for {word}")
    return {}[round(20 - x)]
