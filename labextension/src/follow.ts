/** The notebook and its article follow one another: the active cell, clicks, and scrolling. */

import type { Cell, MarkdownCell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import { articleId } from './draft';
import type { IClick, ISpot } from './frame';
import type { Preview } from './preview';

/** Milliseconds after a reader's own input in which scrolling is theirs, and not an answer to the other side's. */
const OWN = 1500;

/** Connect a preview with its notebook until it is disposed. */
export function follow(preview: Preview): void {
  const notebook = preview.notebook.content;
  const { frame, notices } = preview;
  const scroller = notebook.node.querySelector<HTMLElement>('.jp-WindowedPanel-outer') ?? notebook.node;
  let own = 0;
  let isWaiting = false;

  const mark = (): void => {
    const cell = notebook.activeCell;
    if (cell) {
      frame.mark(articleId(cell.model.id), preview.settings.scroll);
    }
  };
  const act = (): void => {
    own = performance.now();
  };
  const tell = (): void => {
    if (!preview.settings.scroll || isWaiting || performance.now() - own > OWN) {
      return;
    }
    own = performance.now();
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      const spot = findSpot(notebook, scroller);
      if (spot) {
        frame.scrollTo(spot);
      }
    });
  };

  const inputs = ['wheel', 'touchmove', 'pointerdown', 'keydown'];
  inputs.forEach(kind => notebook.node.addEventListener(kind, act, { passive: true, capture: true }));
  scroller.addEventListener('scroll', tell, { passive: true });
  notebook.activeCellChanged.connect(mark, preview);
  mark();
  frame.clicked.connect((_, click) => void goToWords(notebook, click));
  frame.scrolled.connect((_, spot) => {
    if (preview.settings.scroll) {
      own = 0;
      void goToSpot(notebook, scroller, spot);
    }
  });
  notices.chosen.connect((_, { cell, line }) => {
    const index = findCell(notebook, cell ?? '');
    if (index >= 0) {
      void goTo(notebook, index, line === null ? null : line - 1);
    }
  });
  preview.disposed.connect(() => {
    inputs.forEach(kind => notebook.node.removeEventListener(kind, act, { capture: true }));
    scroller.removeEventListener('scroll', tell);
  });
}

function findCell(notebook: Notebook, id: string): number {
  return notebook.widgets.findIndex(cell => articleId(cell.model.id) === id);
}

/** Which cell is at the top of the notebook's window, and which part of it is above that. */
function findSpot(notebook: Notebook, scroller: HTMLElement): ISpot | null {
  const { top } = scroller.getBoundingClientRect();
  for (const cell of notebook.widgets) {
    if (!cell.node.isConnected) {
      continue;
    }
    const box = cell.node.getBoundingClientRect();
    if (box.height && box.bottom > top) {
      return { id: articleId(cell.model.id), part: Math.max(0, (top - box.top) / box.height) };
    }
  }
  return null;
}

async function goToSpot(notebook: Notebook, scroller: HTMLElement, { id, part }: ISpot): Promise<void> {
  const index = findCell(notebook, id);
  const cell = notebook.widgets[index];
  if (!cell) {
    return;
  }
  if (!cell.node.isConnected) {
    await notebook.scrollToItem(index, 'start');
  }
  const box = cell.node.getBoundingClientRect();
  scroller.scrollTop += box.top - scroller.getBoundingClientRect().top + part * box.height;
}

async function goToWords(notebook: Notebook, { id, text }: IClick): Promise<void> {
  const index = findCell(notebook, id);
  const cell = notebook.widgets[index];
  if (cell) {
    const isText = cell.model.type === 'markdown';
    await goTo(notebook, index, isText ? findLine(cell.model.sharedModel.getSource(), text) : null);
  }
}

/** Make the cell the active one; with a line, put the cursor there. */
export async function goTo(notebook: Notebook, index: number, line: number | null): Promise<void> {
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  const cell = notebook.widgets[index] as Cell;
  await notebook.scrollToItem(index, 'smart');
  if (line === null) {
    notebook.mode = 'command';
    notebook.activate();
    return;
  }
  if (cell.model.type === 'markdown') {
    (cell as MarkdownCell).rendered = false;
  }
  notebook.mode = 'edit';
  await cell.ready;
  const position = { line, column: 0 };
  cell.editor?.setCursorPosition(position);
  cell.editor?.revealPosition(position);
  cell.editor?.focus();
}

/** The line of a text that shares the most words with what was clicked on; the first of several. */
export function findLine(source: string, text: string): number {
  const words = new Set(readWords(text));
  let best = 0;
  let most = 0;
  source.split('\n').forEach((line, index) => {
    const common = new Set(readWords(line).filter(word => words.has(word))).size;
    if (common > most) {
      [best, most] = [index, common];
    }
  });
  return best;
}

function readWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}
