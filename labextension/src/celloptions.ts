/** A form for what becomes of a cell in the article: option lines of a code cell, tags of a markdown cell. */

import type { Cell } from '@jupyterlab/cells';
import { NotebookTools } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { make } from './dom';
import { OptionLines } from './optionlines';
import { splice } from './splice';

interface IChoice {
  label: string;
  /** The option lines that say it, and the tags that do; without any it is what the post says. */
  lines?: Record<string, string>;
  tags?: string[];
}

interface ISelect {
  name: string;
  label: string;
  kind: 'code' | 'markdown';
  /** All lines and tags that concern it. */
  keys: string[];
  choices: IChoice[];
}

interface IText {
  name: string;
  label: string;
}

export class CellForm extends NotebookTools.Tool {
  constructor(private _trans: TranslationBundle) {
    super();
    this.addClass('nbblog-Form');
    this._message = make('p', { className: 'nbblog-FormMessage' });
    this._fields = make('fieldset');
    for (const select of this._selects()) {
      const control = make('select', { name: select.name });
      control.append(...select.choices.map((choice, at) => make('option', { value: String(at) }, choice.label)));
      control.addEventListener('change', () => this._choose(select, select.choices[Number(control.value)]!));
      this._add(select.label, control, select.kind, () => this._show(select, control));
    }
    for (const text of this._texts()) {
      const control = make('input', { type: 'text', name: text.name });
      control.addEventListener('change', () => this._edit(text.name, control.value.replace(/\s+/g, ' ').trim() || null));
      this._add(text.label, control, 'code', () => {
        const value = this._lines()?.get(text.name);
        control.disabled = value === undefined;
        control.title = value === undefined ? _trans.__('Its value can only be changed in the cell.') : '';
        if (control !== document.activeElement) {
          control.value = value ?? '';
        }
      });
    }
    this.node.append(this._message, this._fields);
  }

  dispose(): void {
    this._leave();
    super.dispose();
  }

  protected onActiveCellChanged(): void {
    this._leave();
    this._cell = this.notebookTools.activeCell;
    this._cell?.model.contentChanged.connect(this._read, this);
    this._cell?.model.metadataChanged.connect(this._read, this);
    this._cell?.disposed.connect(this._leave, this);
    this._read();
  }

  private _leave(): void {
    this._cell?.model?.contentChanged.disconnect(this._read, this);
    this._cell?.model?.metadataChanged.disconnect(this._read, this);
    this._cell?.disposed.disconnect(this._leave, this);
    this._cell = null;
  }

  private _selects(): ISelect[] {
    const { _trans: trans } = this;
    const asPost = { label: trans.__('As the post has it') };
    return [
      {
        name: 'cell', kind: 'markdown', label: trans.__('Cell'), keys: ['remove-cell', 'hide-cell'],
        choices: [
          { label: trans.__('Shown') },
          { label: trans.__('Folded'), tags: ['hide-cell'] },
          { label: trans.__('Left out'), tags: ['remove-cell'] }
        ]
      },
      {
        name: 'include', kind: 'code', label: trans.__('Cell'), keys: ['include', 'remove-cell', 'hide-cell'],
        choices: [
          { label: trans.__('Shown') },
          { label: trans.__('Folded'), tags: ['hide-cell'] },
          { label: trans.__('Left out'), lines: { include: 'false' }, tags: ['remove-cell'] }
        ]
      },
      {
        name: 'echo', kind: 'code', label: trans.__('Code'), keys: ['echo', 'code-fold', 'remove-input', 'hide-input'],
        choices: [
          asPost,
          { label: trans.__('Shown'), lines: { echo: 'true', 'code-fold': 'false' } },
          { label: trans.__('Folded'), lines: { 'code-fold': 'true' }, tags: ['hide-input'] },
          { label: trans.__('Left out'), lines: { echo: 'false' }, tags: ['remove-input'] }
        ]
      },
      {
        name: 'output', kind: 'code', label: trans.__('Output'), keys: ['output', 'remove-output', 'hide-output'],
        choices: [
          { label: trans.__('Shown') },
          { label: trans.__('Folded'), lines: { output: 'fold' }, tags: ['hide-output'] },
          { label: trans.__('Left out'), lines: { output: 'false' }, tags: ['remove-output'] }
        ]
      },
      {
        name: 'warning', kind: 'code', label: trans.__('Warnings and logs'), keys: ['warning', 'remove-stderr'],
        choices: [
          { label: trans.__('Shown') },
          { label: trans.__('Left out'), lines: { warning: 'false' }, tags: ['remove-stderr'] }
        ]
      },
      {
        name: 'column', kind: 'code', label: trans.__('Width'), keys: ['column', 'column-page', 'column-screen', 'full-width'],
        choices: [
          { label: trans.__('That of the text') },
          { label: trans.__('Wide'), lines: { column: 'page' }, tags: ['column-page'] },
          { label: trans.__('The whole window'), lines: { column: 'screen' }, tags: ['full-width', 'column-screen'] }
        ]
      }
    ];
  }

  private _texts(): IText[] {
    const { _trans: trans } = this;
    return [
      { name: 'fig-cap', label: trans.__('Caption of the picture') },
      { name: 'fig-alt', label: trans.__('What the picture shows') },
      { name: 'tbl-cap', label: trans.__('Caption of the table') }
    ];
  }

  private _add(label: string, control: HTMLSelectElement | HTMLInputElement, kind: string, show: () => void): void {
    control.id = `nbblog-cell-${kind}-${control.name}`;
    const row = make('div', { className: 'nbblog-FormRow' }, make('label', { htmlFor: control.id }, label), control);
    this._fields.append(row);
    this._rows.push({ row, kind, show });
  }

  private _read(): void {
    const cell = this._cell;
    const kind = cell?.model?.type ?? 'none';
    const isFixed = cell?.model?.getMetadata('editable') === false || cell?.readOnly === true;
    this._fields.disabled = isFixed;
    this._message.textContent =
      kind === 'raw' || kind === 'none' ? this._trans.__('There is nothing to choose for this cell.') : '';
    this._message.hidden = !this._message.textContent;
    for (const { row, kind: own, show } of this._rows) {
      row.hidden = own !== kind;
      if (!row.hidden) {
        show();
      }
    }
  }

  private _lines(): OptionLines | null {
    const model = this._cell?.model;
    if (model?.type !== 'code') {
      return null;
    }
    const known = this.notebookTools.activeNotebookPanel?.model?.defaultKernelLanguage;
    return new OptionLines(model.sharedModel.getSource(), known ?? 'python');
  }

  private _tags(): string[] {
    const tags: unknown = this._cell?.model?.getMetadata('tags');
    return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
  }

  private _show(select: ISelect, control: HTMLSelectElement): void {
    const lines = this._lines();
    const tags = this._tags();
    // Lines are weighed before tags; of several that fit, the strongest is the last.
    const says = (choice: IChoice): boolean =>
      !!choice.lines && Object.entries(choice.lines).some(([key, value]) => lines?.get(key) === value);
    const byLines = lastIndex(select.choices, says);
    const byTags = lastIndex(select.choices, choice => !!choice.tags?.some(tag => tags.includes(tag)));
    control.value = String(Math.max(0, byLines >= 0 ? byLines : byTags));
  }

  private _choose(select: ISelect, choice: IChoice): void {
    const model = this._cell?.model;
    if (!model) {
      return;
    }
    const isCode = model.type === 'code';
    model.sharedModel.transact(() => {
      const tags = this._tags();
      const kept = tags.filter(tag => !select.keys.includes(tag));
      const wanted = choice.lines && isCode ? kept : [...kept, ...(choice.tags ?? []).slice(0, 1)];
      if (JSON.stringify(wanted) !== JSON.stringify(tags)) {
        if (wanted.length) {
          model.setMetadata('tags', wanted);
        } else {
          model.deleteMetadata('tags');
        }
      }
      for (const key of isCode ? select.keys : []) {
        this._edit(key, choice.lines?.[key] ?? null);
      }
    });
  }

  private _edit(key: string, value: string | null): void {
    const lines = this._lines();
    if (lines && this._cell && lines.get(key) !== value) {
      splice(this._cell.model.sharedModel, lines.with(key, value));
    }
  }

  private _cell: Cell | null = null;
  private _message: HTMLElement;
  private _fields: HTMLFieldSetElement;
  private _rows: { row: HTMLElement; kind: string; show: () => void }[] = [];
}

function lastIndex<T>(list: T[], fits: (one: T) => boolean): number {
  return list.reduce((found, one, at) => (fits(one) ? at : found), -1);
}
