"""Tables of data frames in a notebook's HTML."""

from __future__ import annotations

import pytest

from nbblog.core.html import sanitise
from nbblog.core.tables import MOST_ROWS, tidy_tables

PANDAS = """<div>
<style scoped>
    .dataframe tbody tr th { vertical-align: top; }
</style>
<table border="1" class="dataframe">
  <thead>
    <tr style="text-align: right;">
      <th></th>
      <th>name</th>
      <th>share</th>
    </tr>
  </thead>
  <tbody>
    <tr>
      <th>0</th>
      <td>x &lt; y</td>
      <td>0.5</td>
    </tr>
    <tr>
      <th>1</th>
      <td>z</td>
      <td>NaN</td>
    </tr>
  </tbody>
</table>
<p>2 rows × 2 columns</p>
</div>"""


def rows_of(html: str) -> str:
    """The table's rows as they come out of the gate."""
    clean = sanitise(tidy_tables(html))
    return clean[clean.index("<table") : clean.index("</table>")].partition(">")[2]


def test_a_data_frame() -> None:
    """No style sheet, border, alignment or empty header; scopes and numbers marked; its own scroll box."""
    assert sanitise(tidy_tables(PANDAS)).replace("\n", "") == (
        '<div><div class="nb-table" role="group" tabindex="0" aria-label="Table"><table class="dataframe">'
        '<thead><tr><td></td><th scope="col">name</th><th scope="col" class="nb-num">share</th></tr></thead>'
        '<tbody><tr><th scope="row">0</th><td>x &lt; y</td><td class="nb-num">0.5</td></tr>'
        '<tr><th scope="row">1</th><td>z</td><td class="nb-num">NaN</td></tr></tbody></table></div>'
        "<p>2 rows × 2 columns</p></div>"
    )


def test_a_caption_names_the_table() -> None:
    """It stands over the table and in the name of the box; the label says it in plain text."""
    html = tidy_tables(PANDAS, caption="<em>Shares</em>", label="Shares")
    assert 'aria-label="Table: Shares"><table class="dataframe"><caption><em>Shares</em></caption><thead>' in html


def test_the_index_name_joins_the_header() -> None:
    """pandas' second header row holds nothing but the index's name: the two are one."""
    html = (
        "<table><thead><tr><th></th><th>a</th></tr><tr><th>id</th><th></th></tr></thead>"
        "<tbody><tr><th>0</th><td>1</td></tr></tbody></table>"
    )
    assert rows_of(html).startswith(
        '<thead><tr><th scope="col">id</th><th scope="col" class="nb-num">a</th></tr></thead>'
    )


def test_a_first_row_of_headers_is_the_head() -> None:
    """Tables written by hand have no ``thead``."""
    assert rows_of("<table><tr><th>a</th></tr><tr><td>x</td></tr></table>") == (
        '<thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>x</td></tr></tbody>'
    )


@pytest.mark.parametrize(
    "value",
    ["1", "-1.5", "−2", "1,234.5", "1 234", "1e-5", "12 %", "$5.00", "5 €", "(3)", ".5", "inf", "1.0+2.0j", "±1",
     "< 0.001", "0.1 ± 0.2"],
)  # fmt: skip
def test_numbers(value: str) -> None:
    """In the forms that frames are printed in."""
    html = tidy_tables(f"<table><tr><td>{value}</td></tr></table>")
    assert ('class="nb-num"' in html) == (value != "1.0+2.0j")


@pytest.mark.parametrize("value", ["a", "2020-01-01", "1.2.3", "x1", "12:30", "192.168.0.1", "True", "-", ""])
def test_what_is_no_number(value: str) -> None:
    """Dates, versions and addresses are read from the left."""
    assert "nb-num" not in tidy_tables(f"<table><tr><td>{value}</td></tr></table>")


def test_columns_are_found_across_spans() -> None:
    """A cell over two rows or columns moves the others aside."""
    html = (
        "<table><thead><tr><th>k</th><th>l</th><th colspan='2'>v</th></tr></thead>"
        "<tr><th rowspan=2>a</th><td>x</td><td>1</td><td>y</td></tr><tr><td>z</td><td>2</td><td>w</td></tr></table>"
    )
    assert rows_of(html) == (
        '<thead><tr><th scope="col">k</th><th scope="col">l</th><th colspan="2" scope="col" class="nb-num">v</th></tr>'
        '</thead><tbody><tr><th rowspan="2" scope="row">a</th><td>x</td><td class="nb-num">1</td><td>y</td></tr>'
        '<tr><td>z</td><td class="nb-num">2</td><td>w</td></tr></tbody>'
    )


STYLER = """<style type="text/css">
#T_a th { color: red; }
#T_a .col1 { font-weight: bold; }
#T_a_row0_col0, #T_a_row0_col1 { background-color: #ffff00; }
#T_a_row0_col1 { width: 10em; background: linear-gradient(90deg, #d65f5f 50%, transparent 50%); position: fixed; }
#T_a_row1_col0 { background-color: #023858; text-align: center; }
</style>
<table id="T_a"><thead><tr><th class="blank level0">&nbsp;</th>
<th id="T_a_level0_col0" class="col_heading">a</th></tr></thead>
<tbody><tr><td id="T_a_row0_col0" class="data row0 col0">x</td><td id="T_a_row0_col1" class="data row0 col1">y</td></tr>
<tr><td id="T_a_row1_col0" class="data row1 col0" style="text-align: right">z</td></tr></tbody></table>"""


def test_a_styler_keeps_its_colours() -> None:
    """Its rules move into the cells, a background brings a colour to read it by, and the gate takes the rest."""
    assert rows_of(STYLER) == (
        '<thead><tr><td style="color:red"></td><th scope="col" style="color:red">a</th></tr></thead>'.replace(
            "></td>", ">&nbsp;</td>"
        )
        + '<tbody><tr><td style="background-color:#ffff00;color:#000000">x</td>'
        '<td style="font-weight:bold;background-color:#ffff00;width:10em;'
        'background:linear-gradient(90deg, #d65f5f 50%, transparent 50%);color:#000000">y</td></tr>'
        '<tr><td style="background-color:#023858;text-align:center;color:#ffffff">z</td></tr></tbody>'
    )


def test_the_rules_of_one_styler_are_not_for_another() -> None:
    """Two tables in one output keep their own."""
    html = tidy_tables(STYLER + "<table id='T_b'><tr><th>n</th></tr><tr><td class='col1'>m</td></tr></table>")
    assert '<th scope="col">n</th></tr></thead><tbody><tr><td>m</td>' in html


def test_a_table_within_a_cell_stays() -> None:
    """Only the outer one is read."""
    inner = '<table border="1"><tr><td>a</td></tr></table>'
    assert f"<tbody><tr><td>{inner}</td></tr></tbody>" in tidy_tables(f"<table><tr><td>{inner}</td></tr></table>")


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody>"),
        ("<TABLE><TR><TD>a</TD></TR></TABLE>", "<tbody><tr><td>a</td></tr></tbody>"),
        ("<table><td>a</td></table>", "<tbody><tr><td>a</td></tr></tbody>"),
        ("<table><tr><td><b>a</b></td></tr>", "<tbody><tr><td><b>a</b></td></tr></tbody>"),
        ("<table><!-- <td>no</td> --><td title='a > b'>c</table>", '<tbody><tr><td title="a > b">c</td></tr></tbody>'),
        ("<table></table>", ""),
    ],
)  # fmt: skip
def test_tables_as_they_are_written(html: str, rows: str) -> None:
    """Elements left open end where the next begins."""
    assert rows_of(html).replace("a &gt; b", "a > b") == rows


def test_words_between_rows_come_before_the_table() -> None:
    """As in browsers; nothing of an output is lost."""
    assert tidy_tables("<table>words<tr><td>a</td></tr></table>").startswith('words<div class="nb-table"')


def test_a_huge_table_is_cut() -> None:
    """A note says how much is missing."""
    html = tidy_tables("<table>" + "<tr><td>1</td></tr>" * (MOST_ROWS + 500) + "</table>")
    assert html.count("<tr>") == MOST_ROWS
    assert html.endswith("<p>… 500 more rows</p>")


def test_html_without_a_table_is_left_alone() -> None:
    """Style sheets and scripts of other outputs are the gate's business."""
    html = "<style>a{}</style><p>table</p>"
    assert tidy_tables(html) is html


def test_scripts_stay_for_others_to_read() -> None:
    """A chart's data are in a script; only style sheets go."""
    script = "<script>let t = '<table><tr><td>1</td></tr></table>';</script>"
    assert tidy_tables(f"{script}<table><tr><td>a</td></tr></table>").startswith(script)


@pytest.mark.parametrize(
    "html",
    ['<td "' * 100_000, "<table>" * 50_000, "<table><!--" * 50_000, "<table><style>" * 50_000,
     "<table>" + "<td colspan=1000>" * 20_000, "<table>" + "<tr><td colspan=1000 rowspan=1000>" * 500,
     "<style>#T_" + "a" * 300_000 + "</style><table>", "<table>" + "<" * 200_000, "<table " + "a='" * 100_000,
     "<table><td " + "a " * 100_000 + "= >x", "<table><tr><td>" + "1," * 100_000 + "x"],
)  # fmt: skip
def test_hostile_tables_take_linear_time(html: str) -> None:
    """Whatever is in it, the result is of its size."""
    assert len(tidy_tables(html)) < 2 * len(html) + 1000
