/** What is to be mended in the blog, by notebook; each leads to its cell. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { make } from './dom';

export interface IFinding {
  /** The notebook as the server's contents name it, and as the blog does. */
  path: string;
  source: string;
  severity: 'info' | 'warning' | 'error';
  code: string;
  message: string;
  fix: string;
  cell: number | null;
  line: number | null;
}

export class Findings extends Widget {
  constructor(
    private _trans: TranslationBundle,
    private _choose: (finding: IFinding) => void
  ) {
    super();
    this.addClass('nbblog-Findings');
    this.node.setAttribute('role', 'status');
  }

  say(message: string): void {
    this.node.replaceChildren(make('p', {}, message));
  }

  list(findings: IFinding[]): void {
    const groups = new Map<string, IFinding[]>();
    for (const finding of findings) {
      groups.set(finding.source, [...(groups.get(finding.source) ?? []), finding]);
    }
    const count = (severity: string): number => findings.filter(one => one.severity === severity).length;
    const [errors, warnings] = [count('error'), count('warning')];
    const sum = [
      this._trans._n('%1 error', '%1 errors', errors),
      this._trans._n('%1 warning', '%1 warnings', warnings),
      this._trans._n('%1 remark', '%1 remarks', findings.length - errors - warnings)
    ].join(', ');
    this.node.replaceChildren(
      make('p', {}, sum),
      ...[...groups].map(([source, group]) =>
        make('section', {}, make('h3', {}, source), make('ul', {}, ...group.map(one => this._write(one))))
      )
    );
  }

  private _write(finding: IFinding): HTMLElement {
    const link = make('button', { type: 'button' }, this._where(finding));
    link.disabled = !finding.path.endsWith('.ipynb');
    link.addEventListener('click', () => this._choose(finding));
    const item = make('li', {}, link, ` ${finding.message} `, make('span', {}, finding.fix));
    item.dataset.severity = finding.severity;
    item.dataset.code = finding.code;
    return item;
  }

  private _where({ cell, line }: IFinding): string {
    if (cell === null) {
      return this._trans.__('Notebook');
    }
    return line === null ? this._trans.__('Cell %1', cell) : this._trans.__('Cell %1, line %2', cell, line);
  }
}
