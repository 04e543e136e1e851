"""What is known of functions and methods by their names alone. Rules of thumb: whoever bakes a section proves them."""

from __future__ import annotations

import builtins


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


SCALARS = words(
    "all any ascii bin bool bytes callable chr complex float format hasattr hash hex id int isinstance issubclass len"
    " oct ord range repr str"
)
"""Built-in functions whose result nothing can change."""

FRESH = SCALARS | words("abs dir divmod pow round sum type")
"""Built-in functions whose result has no part in common with what they are given."""

HARMLESS = FRESH | words(
    "aiter anext bytearray classmethod dict display enumerate eval exec filter frozenset getattr globals help iter"
    " list locals map max memoryview min object open pprint print property reversed set slice sorted staticmethod"
    " super tuple vars zip"
)
"""Functions that change nothing of what they are given, besides reading what iterates."""

OPAQUE = words("eval exec globals")
"""Functions that reach names by way of text."""

BUILT_IN = frozenset(dir(builtins)) | words(
    "__builtins__ __doc__ __name__ BaseExceptionGroup EncodingWarning ExceptionGroup PythonFinalizationError aiter"
    " anext display"
)
"""Names that need no definition: those of every version, and IPython's."""

LAZY = words("enumerate filter iter map open reversed zip")
"""Functions that make an iterator."""

LOOKING = FRESH | words("dict display enumerate frozenset list max min pprint print reversed set sorted tuple vars zip")
"""Functions that run none of those they are given, but perhaps a method that looks (``__len__``, ``__repr__``)."""

CHANGING = words(
    "anext delattr extend_path fill_diagonal heapify heappop heappush heappushpop heapreplace insort insort_left"
    " insort_right next put putmask place setattr shuffle"
)
"""Functions known to change what they are given first, also where their result is used."""

CHANGING_METHODS = words(
    "__delitem__ __setitem__ add append appendleft clear discard extend extendleft insert move_to_end pop popitem"
    " popleft remove reverse setdefault sort update"
)
"""Methods of lists, sets, dictionaries and deques that change them."""

STEADY = words(
    # str, bytes, numbers, tuples
    "as_integer_ratio bit_count bit_length capitalize casefold center conjugate count decode encode endswith"
    " expandtabs find format format_map fromhex hex index isalnum isalpha isascii isdecimal isdigit isidentifier"
    " islower isnumeric isprintable isspace istitle isupper is_integer join ljust lower lstrip maketrans partition"
    " removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith"
    " strip swapcase title to_bytes translate upper zfill"
    # lists, dictionaries, sets
    " copy deepcopy get items keys values difference intersection isdisjoint issubset issuperset"
    " symmetric_difference union elements most_common total"
    # dates, regular expressions, paths, data classes
    " date time timestamp isoformat strftime weekday isoweekday total_seconds timetuple group groups groupdict span"
    " start end with_suffix with_name relative_to as_posix exists is_file is_dir mean median"
    # tables and arrays
    " abs agg aggregate all any apply argmax argmin argsort asfreq assign astype between clip corr cov cummax cummin"
    " cumprod cumsum describe diff dot drop_duplicates dropna duplicated eq expanding explode ewm fillna first"
    " flatten groupby head idxmax idxmin info isin isna isnull last max melt merge min nlargest notna nsmallest"
    " nunique pct_change pivot pivot_table prod quantile query rank ravel rename reset_index resample reshape"
    " rolling round sample select set_index shift sort_index sort_values squeeze stack std sum tail to_dict to_frame"
    " to_html to_list to_numpy to_string tolist transpose unique unstack value_counts var where"
    # drawing
    " bar barh boxplot hist plot scatter show"
)
"""Methods that leave their object as it is, unless they are called with ``inplace``."""

CONTAINERS = words("Counter OrderedDict array defaultdict deque dict list set")

STEADY_DECORATORS = words(
    "cache cached_property classmethod contextmanager dataclass final interact interact_manual interactive jit"
    " lru_cache njit overload property staticmethod total_ordering vectorize wraps"
)
"""Decorators that give their function no state that could be seen."""

STATEFUL = ("random", "numpy.random")
"""Modules in which each call moves a state on: what is drawn next depends on all that was drawn before."""

MAKERS = words(
    "numpy.random.Generator numpy.random.RandomState numpy.random.SeedSequence numpy.random.default_rng random.Random"
)
"""What in them makes a state of its own."""

DRAWING = ("IPython.display", "ipywidgets", "matplotlib.pyplot", "nbblog", "pprint", "pylab", "seaborn", "time")
"""Modules whose functions, called for their effect, show something and leave the objects as they are."""

SETTING = words("rc rcdefaults rcParams set set_theme set_style set_palette set_context style switch_backend")
"""What in drawing modules is a setting that later drawings depend on."""
