"""``jupyter nbconvert --to nbblog``: one notebook becomes one page, with its files beside it.

nbconvert's own settings mean here what they mean there: ``--template``, ``--no-input``, ``--execute``,
``--output-dir``, ``--embed-images``, ``--stdout``, ``--NbConvertApp.output_files_dir``, the tag remover's tags.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from nbconvert.exporters.exporter import Exporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Bool, Dict, Enum, Integer, List, TraitError, Unicode
from traitlets import default as default_of
from traitlets.config import Application

from .core.config import BlogConfig, read_config
from .core.errors import NbblogError
from .files import folder_reader, parse_notebook
from .neighbours import folder_posts
from .onepage import OnePage, render_one_page


def _offer_flag() -> None:
    """``--embed`` among nbconvert's flags. Its command lists the exporters, and so imports this module, before it reads
    its arguments; later than that, a flag of ours would be an unknown option that swallows the notebook's name."""
    command = sys.modules.get("nbconvert.nbconvertapp")
    flags = getattr(command, "nbconvert_flags", None)
    if isinstance(flags, dict):
        flags.setdefault("embed", ({"NbBlogExporter": {"embed": True}}, "Make one file (only with --to nbblog)."))


_offer_flag()


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Without Python's search for cycles, of which a page's making leaves none: it would go through all that is there
    again and again, for a seventh of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class ExportError(NbblogError, ConversionException):  # type: ignore[misc]
    """What a user of the exporter can mend, in one line."""


class NbBlogExporter(TemplateExporter):  # type: ignore[misc]
    """Exports a notebook as a finished blog article."""

    export_from_notebook = "Blog article (nbblog)"
    output_mimetype = "text/html"

    site_title = Unicode(help="The blog's name, shown in the page's header.").tag(config=True)
    site_url = Unicode(help="The blog's address, for the page's canonical link and its social card.").tag(config=True)
    description = Unicode(help="What the blog is about, in a sentence.").tag(config=True)
    author = List(Unicode(), help="Who writes a post that does not say.").tag(config=True)
    theme = Enum(("auto", "light", "dark"), "auto", help="The colour scheme a page starts with.").tag(config=True)
    locale = Unicode("en_US", help="How dates are written, and the page's language.").tag(config=True)
    date_order = Enum(("mdy", "dmy"), None, allow_none=True, help="How 1/2/2026 is read.").tag(config=True)
    echo = Bool(True, help="Show the code of posts that do not say.").tag(config=True)
    code_fold = Bool(False, help="Fold the code of posts that do not say.").tag(config=True)
    toc = Bool(None, allow_none=True, help="Table of contents; by default where there are enough headings.").tag(
        config=True
    )
    ignore = List(Unicode(), help="Codes of notices that are not wanted.").tag(config=True)
    embed = Bool(False, help="One file: pictures, fonts and libraries inside the page.").tag(config=True)
    trust = Bool(
        False, help="Let scripts in saved outputs run, each in a sandboxed frame. Only for notebooks you trust."
    ).tag(config=True)
    limits = Dict(
        Integer(), help="Bytes: `notebook_bytes`, of a notebook that is read; `output_bytes`, of an output in the page."
    ).tag(config=True)
    root_dir = Unicode(help="The folder whose files posts may use; by default the notebook's own.").tag(config=True)

    def __init__(self, config: Any = None, **kw: Any) -> None:
        with _one_line_errors(self, "NbBlogExporter"):
            super().__init__(config, **kw)

    @default_of("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default_of("template_name")
    def _template_name_default(self) -> str:
        return "nbblog"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page of the notebook in the file, and nbconvert's resources with the files that go beside it."""
        path = Path(filename)
        resources = self._init_resources(resources)
        resources["metadata"].update(name=path.stem, path=str(path.parent))
        with _one_line_errors(self, filename):
            notebook = parse_notebook(_read_bytes(path), filename, max_bytes=self._blog_config().limits.notebook_bytes)
            return self._export(notebook, resources)

    def from_file(self, file_stream: TextIO, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page of the notebook in an open text file."""
        resources = self._init_resources(resources)
        name = getattr(file_stream, "name", None)
        with _one_line_errors(self, name if isinstance(name, str) else "standard input"):
            raw, limits = _read_stream(file_stream), self._blog_config().limits
            notebook = parse_notebook(raw, "standard input", max_bytes=limits.notebook_bytes)
            return self._export(notebook, resources)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page of a notebook that is already in memory."""
        resources = self._init_resources(resources)
        with _one_line_errors(self, str(resources["metadata"].get("name", "notebook"))):
            return self._export(nb, resources)

    def _export(self, notebook: Any, resources: Any) -> tuple[str, Any]:
        notebook, resources = self._preprocess(notebook, resources)
        metadata = resources["metadata"]
        folder = Path(metadata.get("path") or ".")
        config = self._blog_config()
        with _collecting_later():
            page = render_one_page(
                self._without_excluded(notebook),
                name=f"{metadata.get('name') or 'notebook'}.ipynb",
                config=config,
                read_file=folder_reader(Path(self.root_dir) if self.root_dir else folder, folder),
                files_dir=None if self._is_embedding() else self._files_dir(resources),
                template_dir=self._template_dir(),
                trust=self.trust,
                find_post=folder_posts(folder, config),
            )
        self._report(page, metadata.get("name") or "notebook")
        outputs = resources.setdefault("outputs", {})
        outputs.update(page.files)
        return page.html, resources

    def _init_preprocessors(self) -> None:
        # TemplateExporter's own would look for a template of nbconvert's kind, which this exporter has none of.
        Exporter._init_preprocessors(self)

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        # nbconvert validates the notebook after each of fifteen preprocessors, most of them idle. Only those that
        # have something to do are run, and a notebook that none of them touches needs no valid form.
        busy = [step for step in self._preprocessors if _is_busy(step)]
        if not busy:
            return nb, resources
        nb = _valid_notebook(nb)
        for step in busy:
            nb, resources = step(nb, resources)
        return nb, resources

    def _without_excluded(self, notebook: Any) -> Any:
        kinds = {"code": self.exclude_code_cell, "markdown": self.exclude_markdown, "raw": self.exclude_raw}
        tags = [
            name for name, on in (("remove-input", self.exclude_input), ("remove-output", self.exclude_output)) if on
        ]
        if not tags and not any(kinds.values()):
            return notebook
        cells = notebook.get("cells")
        kept = [
            _tagged(cell, tags) if cell.get("cell_type") == "code" else cell
            for cell in (cells if isinstance(cells, list) else [])
            if isinstance(cell, dict) and not kinds.get(str(cell.get("cell_type")), False)
        ]
        return {**notebook, "cells": kept}

    def _blog_config(self) -> BlogConfig:
        own = (
            "site_title",
            "site_url",
            "description",
            "author",
            "locale",
            "date_order",
            "echo",
            "code_fold",
            "toc",
            "ignore",
            "limits",
        )
        settings = {name: value for name in own if (value := getattr(self, name)) not in (None, "", [], {})}
        # nbconvert's own --theme is a setting of its HTML exporter.
        theme = self.theme if self.theme != "auto" else self.config.HTMLExporter.get("theme", "auto")
        return read_config({**settings, "theme": theme if isinstance(theme, str) else "auto"})

    def _is_embedding(self) -> bool:
        to_stdout = "StdoutWriter" in str(self.config.NbConvertApp.get("writer_class", ""))
        return self.embed or bool(self.config.HTMLExporter.get("embed_images") is True) or to_stdout

    def _files_dir(self, resources: Any) -> str:
        return str(resources.get("output_files_dir") or f"{resources['metadata'].get('name') or 'notebook'}_files")

    def _template_dir(self) -> Path | None:
        """The folder of the author's template: a path, or a name on nbconvert's template path."""
        if self.template_name in ("", "nbblog"):
            return None
        places = [Path(self.template_name).expanduser()]
        for base in (*self.extra_template_basedirs, *self.template_data_paths):
            places += [Path(base) / self.template_name, Path(base) / "templates" / self.template_name]
        for place in places:
            if (place / "index.html.j2").is_file() or (place / "custom.css").is_file():
                return place
        raise ExportError(f"template {self.template_name}: no folder with an index.html.j2 or a custom.css")

    def _report(self, page: OnePage, name: str) -> None:
        for notice in page.notices:
            write = self.log.info if notice.kind.severity == "info" else self.log.warning
            write("%s.ipynb, %s", name, notice)


def _is_busy(step: Any) -> bool:
    """Whether a preprocessor would do anything: both removers are on by default, with nothing to remove."""
    if not getattr(step, "enabled", True):
        return False
    if type(step).__name__ == "TagRemovePreprocessor":
        return bool(
            step.remove_cell_tags
            or step.remove_all_outputs_tags
            or step.remove_single_output_tags
            or step.remove_input_tags
        )
    if type(step).__name__ == "RegexRemovePreprocessor":
        return bool(step.patterns)
    return True


def _valid_notebook(notebook: Any) -> Any:
    """The notebook as nbconvert's preprocessors want it. Raises ``ExportError`` where it cannot be brought to that."""
    import json

    import nbformat

    try:
        return nbformat.reads(json.dumps(notebook), as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise ExportError(f"the notebook is too damaged to be run or filtered: {str(error).splitlines()[0]}") from error


def _tagged(cell: Any, tags: list[str]) -> Any:
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    written = metadata.get("tags")
    old: list[Any] = written if isinstance(written, list) else []
    return {**cell, "metadata": {**metadata, "tags": [*old, *tags]}}


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror}") from error


def _read_stream(stream: TextIO) -> bytes:
    try:
        text = stream.read()
    except UnicodeDecodeError as error:
        raise ExportError(f"standard input: not UTF-8 (byte {error.start})") from error
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


@contextmanager
def _one_line_errors(exporter: NbBlogExporter, name: str) -> Iterator[None]:
    """What a user caused ends as one line: on stderr with status 1 on the command line, else as ``ExportError``."""
    try:
        yield
    except Exception as error:
        reason = _reason(error, name)
        if reason is None:
            raise
        # nbconvert's command would print a traceback even for its own ConversionException.
        if Application.initialized() and type(Application.instance()).__name__ == "NbConvertApp":
            exporter.log.error("%s", reason)
            raise SystemExit(1) from None
        raise ExportError(reason) from error


def _reason(error: Exception, name: str) -> str | None:
    if isinstance(error, NbblogError):
        return str(error)
    if isinstance(error, TraitError):
        return str(error).replace(" trait of a NbBlogExporter instance", " setting of NbBlogExporter").splitlines()[0]
    kind = type(error).__name__
    if kind == "CellExecutionError":
        raised = f"{getattr(error, 'ename', kind)}: {getattr(error, 'evalue', '')}"
        return f"{name}: a cell raised {raised} (--allow-errors goes on)"
    if kind in ("CellTimeoutError", "DeadKernelError", "NoSuchKernel"):
        return f"{name}: {str(error).strip().splitlines()[0]}"
    return None
