/** What the author may want to change, below the article; each leads to its cell. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal, type ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import type { INotice } from './server';

export class Notices extends Widget {
  constructor(private _trans: TranslationBundle) {
    super({ node: document.createElement('details') });
    this.addClass('nbblog-Notices');
    this._summary = document.createElement('summary');
    this._list = document.createElement('ul');
    this.node.append(this._summary, this._list);
    this.node.hidden = true;
  }

  /** One was chosen. */
  get chosen(): ISignal<this, INotice> {
    return this._chosen;
  }

  /** Show these and no others. */
  list(notices: INotice[]): void {
    const written = JSON.stringify(notices);
    if (written === this._written) {
      return;
    }
    this._written = written;
    this._summary.textContent = this._trans._n('%1 notice', '%1 notices', notices.length);
    this._list.replaceChildren(...notices.map(notice => this._write(notice)));
    this.node.hidden = !notices.length;
  }

  dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  private _write(notice: INotice): HTMLElement {
    const item = document.createElement('li');
    item.dataset.severity = notice.severity;
    item.dataset.code = notice.code;
    const link = document.createElement('button');
    link.type = 'button';
    link.textContent = this._where(notice);
    link.disabled = !notice.cell;
    link.addEventListener('click', () => this._chosen.emit(notice));
    item.append(link, ` ${notice.detail} `, Object.assign(document.createElement('span'), { textContent: notice.advice }));
    return item;
  }

  private _where({ number, line }: INotice): string {
    if (number === null) {
      return this._trans.__('Notebook');
    }
    return line === null
      ? this._trans.__('Cell %1', number)
      : this._trans.__('Cell %1, line %2', number, line);
  }

  private _summary: HTMLElement;
  private _list: HTMLElement;
  private _written = '';
  private _chosen = new Signal<this, INotice>(this);
}
