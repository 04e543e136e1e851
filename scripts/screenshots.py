"""The pictures of JupyterLab and of a runnable section in the documentation, as they are now.

    python scripts/screenshots.py
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from notebook_server import TOKEN, NotebookServer, start_lab  # noqa: E402

from chromium import FLAGS, find_browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1360, "height": 800}
FORMS = """async () => {
  await jupyterapp.commands.execute('nbblog:posts');
  await jupyterapp.commands.execute('nbblog:edit-head');
}"""
PANEL = """async () => {
  jupyterapp.shell.collapseLeft();
  await jupyterapp.commands.execute('nbblog:preview');
}"""


def take(page: Page, server: NotebookServer, name: str, script: str, shown: str) -> None:
    """Open the notebook, run the script, and keep what is to be seen when ``shown`` is there."""
    page.goto(f"{server.url}lab/tree/posts/interact.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.evaluate("jupyterapp.restored")
    page.evaluate(script)
    page.wait_for_selector(shown, state="attached")
    # Until fonts are there, and the check of the blog.
    page.wait_for_timeout(6000)
    keep(page.screenshot(), name)


def keep(png: bytes, name: str) -> None:
    """Write it among the documentation's pictures, with few colours."""
    picture = Image.open(io.BytesIO(png))
    picture.quantize(128, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    print(f"{IMAGES / name}.png")


def take_section(page: Page, folder: Path) -> None:
    """The first section of the seed article, after its first control was moved."""
    seed = ROOT / "example_notebooks" / "system-design.ipynb"
    command = [sys.executable, "-m", "nbconvert", "--to", "nbblog", "--output-dir", str(folder), str(seed)]
    subprocess.run(command, check=True)
    page.goto((folder / f"{seed.stem}.html").as_uri())
    section = page.locator("nbblog-interact").first
    section.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1500)
    keep(section.screenshot(), "section")


def main() -> None:
    """The section, the panel in light and dark, and the forms with the list of posts."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        base = Path(folder)
        shutil.copytree(ROOT / "example_notebooks", base / "blog" / "posts")
        (base / "blog" / "nbblog.toml").write_text('site_title = "Notes on systems"\n')
        server = start_lab(base / "blog", base / "home")
        theme = base / "home/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            take_section(browser.new_page(viewport={"width": 800, "height": 900}, device_scale_factor=1.5), base)
            for scheme in ("Light", "Dark"):
                theme.write_text(json.dumps({"theme": f"JupyterLab {scheme}"}))
                page = browser.new_page(viewport=SIZE)
                take(page, server, f"panel-{scheme.lower()}", PANEL, ".nbblog-Frame > iframe:not(.nbblog-mod-loading)")
                if scheme == "Light":
                    take(page, server, "forms", FORMS, "#nbblog-head-title")
                page.close()
        finally:
            browser.close()
            server.close()


if __name__ == "__main__":
    main()
