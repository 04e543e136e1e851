"""Pictures that are pasted and dropped into a notebook in a real JupyterLab."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from test_lab import PNG, POST, Lab, until
from test_lab import page_of_lab as page_of_lab
from test_lab import server as server

if TYPE_CHECKING:
    from pathlib import Path


TRANSFER = """const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: 'image/png' }));"""
PASTE = f"""(panel, name, data) => {{ {TRANSFER}
  const given = {{ clipboardData: transfer, bubbles: true, cancelable: true }};
  panel.content.activeCell.node.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', given));
}}"""
DROP = f"""(panel, name, data) => {{ {TRANSFER}
  const given = {{ dataTransfer: transfer, bubbles: true, cancelable: true }};
  panel.content.activeCell.node.querySelector('.jp-MarkdownOutput').dispatchEvent(new DragEvent('drop', given));
}}"""
ALT = ".jp-Dialog input"


@pytest.fixture
def lab(page_of_lab: Lab) -> Iterator[Lab]:
    """JupyterLab with a notebook of its own, whose pictures go again."""
    lab, before = page_of_lab, set(page_of_lab.server.folder.iterdir())
    lab.preview(POST[:4])
    yield lab
    lab.close()
    for path in set(lab.server.folder.iterdir()) - before:
        # Jupyter Server makes its folder of checkpoints whenever it saves.
        if path.is_file():
            path.unlink()


def edit(lab: Lab, index: int) -> None:
    """Put the cursor at the end of a cell."""
    lab.do("(panel, index) => { panel.content.activeCellIndex = index; panel.content.activate(); }", index)
    lab.page.keyboard.press("Enter")
    lab.page.locator(".jp-Cell.jp-mod-active .cm-content").wait_for()
    lab.page.keyboard.press("Control+End")


def give(lab: Lab, script: str, name: str = "image.png") -> None:
    lab.do(script, name, base64.b64encode(PNG.read_bytes()).decode())


def source(lab: Lab) -> str:
    found: str = lab.do("(panel) => panel.content.activeCell.model.sharedModel.getSource()")
    return found


def test_pasted_picture_is_a_file_and_markup(lab: Lab) -> None:
    """Named by what it shows, which is asked for; the article has it at once."""
    lab.write(1, "Words.")
    edit(lab, 1)
    give(lab, PASTE)
    lab.page.fill(ALT, "A curve | with [marks]")
    lab.page.keyboard.press("Enter")
    until(lab.page, lambda: "image:" in source(lab))
    assert source(lab) == "Words.\n\n[[image:a-curve-with-marks.png|A curve \\| with \\[marks\\]]]"
    assert (lab.server.folder / "a-curve-with-marks.png").read_bytes() == PNG.read_bytes()
    picture = lab.frame().wait_for_selector("[data-cell=first] img")
    assert picture and picture.get_attribute("alt") == "A curve | with [marks]"
    assert lab.do("(panel) => panel.content.activeCell.model.attachments.length") == 0
    assert lab.errors == []


def test_name_that_is_taken_is_not_written_over(lab: Lab) -> None:
    """Also where only the size of its letters differs; the second has a number."""
    (lab.server.folder / "My-Plot.png").write_bytes(b"mine")
    edit(lab, 1)
    give(lab, PASTE, "My Plot.png")
    lab.page.fill(ALT, "A curve")
    lab.page.keyboard.press("Enter")
    until(lab.page, lambda: "[[image:my-plot-2.png|A curve]]" in source(lab))
    assert (lab.server.folder / "My-Plot.png").read_bytes() == b"mine"


def test_cancelled_picture_leaves_nothing(lab: Lab) -> None:
    """Neither a file nor a word."""
    edit(lab, 1)
    before = source(lab), set(lab.server.folder.iterdir())
    give(lab, PASTE)
    lab.page.wait_for_selector(ALT)
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector(ALT, state="detached")
    assert (source(lab), set(lab.server.folder.iterdir())) == before


def test_dropped_picture_comes_to_the_end_of_a_rendered_cell(lab: Lab) -> None:
    """It has no cursor."""
    lab.do("(panel) => { panel.content.activeCellIndex = 1; panel.content.activeCell.rendered = true; }")
    lab.page.locator(".jp-MarkdownCell.jp-mod-active .jp-MarkdownOutput h2").wait_for()
    give(lab, DROP, "tree.png")
    lab.page.fill(ALT, "A tree")
    lab.page.keyboard.press("Enter")
    until(lab.page, lambda: source(lab).endswith("A last paragraph.\n\n[[image:tree.png|A tree]]"))


def test_setting_leaves_pictures_to_jupyterlab(lab: Lab) -> None:
    """They are then attachments, and nobody is asked."""
    change = """(_, images) => jupyterapp.serviceManager.settings.save(
      'nbblog:plugin', JSON.stringify({ images }))"""
    settings: Path = lab.server.home / "lab" / "user-settings" / "nbblog" / "plugin.jupyterlab-settings"
    lab.do(change, "attachment")
    lab.page.reload()
    lab.page.wait_for_selector(".jp-MarkdownCell")
    lab.preview(POST[:4])
    edit(lab, 1)
    give(lab, PASTE)
    until(lab.page, lambda: "attachment:" in source(lab))
    settings.unlink()
