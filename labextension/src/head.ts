/** Where in a notebook the head of its post stands, as a YAML block. */

import type { ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import { splice } from './splice';

const BLOCK = /^(\s*---[ \t]*\n)([\s\S]*?\n|)(---|\.\.\.)[ \t]*(?=\n|$)/;

export interface IHead {
  cell: ICellModel;
  /** The text between the two lines of hyphens. */
  text: string;
}

/** The raw cell before the first markdown cell, or that one itself; `null` where neither begins with a block. */
export function findHead(model: INotebookModel): IHead | null {
  const cells = [...model.cells];
  const first = cells.findIndex(({ type }) => type === 'markdown');
  const above = first < 0 ? cells : cells.slice(0, first);
  for (const cell of [above.find(({ type }) => type === 'raw'), cells[first]]) {
    const found = cell && BLOCK.exec(cell.sharedModel.getSource());
    if (cell && found && (cell.type === 'raw' || /^[\w-]+[ \t]*:/m.test(found[2] ?? ''))) {
      return { cell, text: (found[2] ?? '').replace(/\n$/, '') };
    }
  }
  return null;
}

/** Put this text in the block's place. Without a block, make a raw cell at the top. */
export function writeHead(model: INotebookModel, head: IHead | null, text: string): void {
  if (!head) {
    const shared = model.sharedModel;
    shared.transact(() => shared.insertCell(0, { cell_type: 'raw', source: `---\n${text}\n---`, metadata: {} }));
    return;
  }
  const block = (_: string, open: string, __: string, close: string): string => `${open}${text && `${text}\n`}${close}`;
  splice(head.cell.sharedModel, head.cell.sharedModel.getSource().replace(BLOCK, block));
}
