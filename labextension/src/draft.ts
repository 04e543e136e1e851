/** A notebook as it stands in the editor, sent cell by cell: each content once. */

import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { Cell, IRequest } from './server';

export class Draft {
  constructor(private _model: INotebookModel) {
    _model.cells.changed.connect(this._watch, this);
    this._watch();
  }

  /** What is to be sent now. Call `arrived` when the server has it. */
  write(): { notebook: IRequest['notebook']; arrived: () => void } {
    const cells: Cell[] = [];
    const keys: string[] = [];
    for (const cell of this._model.cells) {
      let key = this._keys.get(cell);
      if (!key) {
        this._keys.set(cell, (key = String(++this._count)));
      }
      keys.push(key);
      cells.push(
        this._sent.has(key) ? key : { key, cell: { ...cell.toJSON(), id: cell.id } }
      );
    }
    return {
      notebook: {
        nbformat_minor: this._model.nbformatMinor,
        metadata: this._model.sharedModel.metadata,
        cells
      },
      arrived: () => (this._sent = new Set(keys))
    };
  }

  /** The server has nothing: it was started anew. */
  forget(): void {
    this._sent.clear();
  }

  dispose(): void {
    this._model.cells?.changed.disconnect(this._watch, this);
    for (const cell of this._watched) {
      cell.contentChanged.disconnect(this._change, this);
    }
    this._watched.clear();
  }

  private _watch(): void {
    const cells = new Set(this._model.cells);
    for (const cell of this._watched) {
      if (!cells.has(cell)) {
        cell.contentChanged.disconnect(this._change, this);
      }
    }
    for (const cell of cells) {
      cell.contentChanged.connect(this._change, this);
    }
    this._watched = cells;
  }

  private _change(cell: ICellModel): void {
    this._keys.delete(cell);
  }

  private _keys = new WeakMap<ICellModel, string>();
  private _sent = new Set<string>();
  private _watched = new Set<ICellModel>();
  private _count = 0;
}

/** A cell's id as it is in the article. */
export function articleId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 64);
}
