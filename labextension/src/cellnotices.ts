/** What the author may want to change, at the cells themselves, with a button where a few letters mend it. */

import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { type PanelLayout, Widget } from '@lumino/widgets';
import { make } from './dom';
import { articleId } from './draft';
import { goTo } from './follow';
import type { IFix, INotice } from './server';
import { splice } from './splice';

/** Milliseconds without typing after which a cell that is being written may be said to be wrong. */
const PAUSE = 1200;

export class CellNotices {
  constructor(
    private _notebook: Notebook,
    private _trans: TranslationBundle
  ) {}

  /** Show these and no others. */
  list(notices: INotice[]): void {
    window.clearTimeout(this._later);
    this._list(notices, this._notebook.mode === 'edit' ? this._notebook.activeCell : null);
    this._later = window.setTimeout(() => this._list(notices, null), PAUSE);
  }

  dispose(): void {
    window.clearTimeout(this._later);
    if (!this._notebook.isDisposed) {
      this._list([], null);
    }
  }

  private _list(notices: INotice[], unfinished: Cell | null): void {
    const groups = new Map<string, INotice[]>();
    for (const notice of notices) {
      if (notice.cell) {
        groups.set(notice.cell, [...(groups.get(notice.cell) ?? []), notice]);
      }
    }
    for (const cell of this._notebook.widgets) {
      const group = groups.get(articleId(cell.model.id)) ?? [];
      const written = JSON.stringify(group);
      if (written !== (this._written.get(cell) ?? '[]') && !(cell === unfinished && group.length)) {
        this._written.set(cell, written);
        // A cell that is not drawn yet has no layout to be put into.
        void cell.ready.then(() => this._show(cell, group, written));
      }
    }
  }

  private _show(cell: Cell, group: INotice[], written: string): void {
    if (cell.isDisposed || this._written.get(cell) !== written) {
      return;
    }
    this._shown.get(cell)?.dispose();
    if (!group.length) {
      return;
    }
    const list = make('ul', {}, ...group.map(notice => this._write(cell, notice)));
    list.setAttribute('aria-label', this._trans.__('Notices of this cell'));
    const shown = new Widget({ node: list });
    shown.addClass('nbblog-CellNotices');
    this._shown.set(cell, shown);
    const layout = cell.layout as PanelLayout;
    const input = layout.widgets.findIndex(one => one.hasClass('jp-Cell-inputWrapper'));
    layout.insertWidget(input + 1, shown);
  }

  private _write(cell: Cell, notice: INotice): HTMLElement {
    const item = make('li', {}, `${notice.detail} `, make('span', {}, notice.advice));
    item.dataset.severity = notice.severity;
    item.dataset.code = notice.code;
    const { fix } = notice;
    if (fix && !cell.model.sharedModel.isDisposed && !this._notebook.model?.readOnly) {
      const label =
        fix.cursor === null ? this._trans.__('Write %1', fix.new) : this._trans.__('Say what it shows');
      const button = make('button', { type: 'button' }, label);
      button.addEventListener('click', () => void this._mend(cell, notice, fix));
      item.append(' ', button);
    }
    return item;
  }

  private async _mend(cell: Cell, { code, line }: INotice, fix: IFix): Promise<void> {
    const { model } = cell;
    if (code === 'tag-unknown') {
      const tags = (model.getMetadata('tags') ?? []) as string[];
      model.setMetadata('tags', tags.map(tag => (tag === fix.old ? fix.new : tag)));
      return;
    }
    const lines = model.sharedModel.getSource().split('\n');
    const number = (line ?? 0) - 1;
    const column = lines[number]?.indexOf(fix.old) ?? -1;
    if (column < 0) {
      return;
    }
    lines[number] = lines[number]!.replace(fix.old, () => fix.new);
    splice(model.sharedModel, lines.join('\n'));
    if (fix.cursor !== null) {
      await goTo(this._notebook, this._notebook.widgets.indexOf(cell), number);
      cell.editor?.setCursorPosition({ line: number, column: column + fix.cursor });
    }
  }

  private _later = 0;
  private _written = new WeakMap<Cell, string>();
  private _shown = new WeakMap<Cell, Widget>();
}
