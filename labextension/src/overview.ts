/** The posts of the blog in JupyterLab's left area: which are drafts, of when, about what, and what is to be mended. */

import { Toolbar } from '@jupyterlab/ui-components';
import { Panel, Widget } from '@lumino/widgets';
import type { Desk } from './desk';
import { make } from './dom';
import type { IFinding } from './findings';
import type { IPost, IPosts } from './posts';

/** The most posts that are checked without being asked to. */
const MOST_CHECKED = 200;
/** Milliseconds after a save, in which more may be saved. */
const PAUSE = 800;

export class Overview extends Panel {
  constructor(private _desk: Desk) {
    super();
    this.addClass('nbblog-Overview');
    const { trans } = _desk;
    this._filter = make('input', { type: 'search', placeholder: trans.__('Filter by title, category, author') });
    this._filter.setAttribute('aria-label', trans.__('Filter posts'));
    this._filter.addEventListener('input', () => this._list());
    this._line = make('p', {});
    this._line.setAttribute('role', 'status');
    this._posts = make('ul', {});
    this._posts.setAttribute('aria-label', trans.__('Posts of the blog'));
    this.toolbar.node.setAttribute('aria-label', trans.__('Blog'));
    this.addWidget(this.toolbar);
    this.addWidget(new Widget({ node: make('div', {}, this._filter, this._line, this._posts) }));
    _desk.app.serviceManager.contents.fileChanged.connect((_, { type, newValue, oldValue }) => {
      if ([newValue?.path, oldValue?.path].some(path => path?.endsWith('.ipynb')) || type === 'delete') {
        this._follow();
      }
    }, this);
  }

  readonly toolbar = new Toolbar();

  /** List the posts of the blog that the current folder is in, and check them where they are not too many. */
  async refresh(): Promise<void> {
    const folder = (this._folder = this._desk.findFolder(undefined));
    const isCurrent = (): boolean => !this.isDisposed && this._folder === folder;
    try {
      const answer = await this._desk.ask<IPosts>('posts', folder);
      if (!isCurrent()) {
        return;
      }
      this._root = answer.root === '.' ? '' : answer.root;
      this._all = answer.posts;
      this._list();
      if (answer.root !== null && answer.posts.length <= MOST_CHECKED) {
        const { findings } = await this._desk.ask<{ findings: IFinding[] }>('check', folder);
        if (isCurrent()) {
          this.mark(findings);
        }
      }
    } catch (reason) {
      if (isCurrent()) {
        this._line.textContent = (reason as Error).message;
      }
    }
  }

  /** Show how much is to be mended in each post. */
  mark(findings: IFinding[]): void {
    this._findings = new Map();
    for (const finding of findings) {
      this._findings.set(finding.path, [...(this._findings.get(finding.path) ?? []), finding]);
    }
    this._list();
  }

  /** The current folder may be in another blog. */
  move(): void {
    const folder = this._desk.findFolder(undefined);
    const local = this._desk.app.serviceManager.contents.localPath(folder);
    const isInside = this._root !== null && (this._root === '' || `${local}/`.startsWith(`${this._root}/`));
    if (folder !== this._folder && !isInside) {
      this._follow();
    }
  }

  dispose(): void {
    window.clearTimeout(this._later);
    super.dispose();
  }

  protected onAfterShow(): void {
    void this.refresh();
  }

  private _follow(): void {
    window.clearTimeout(this._later);
    if (this.isVisible) {
      this._later = window.setTimeout(() => void this.refresh(), PAUSE);
    }
  }

  private _list(): void {
    const { trans } = this._desk;
    const words = this._filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (post: IPost): boolean => {
      const text = [post.title, post.slug, ...post.categories, ...post.authors, post.series ?? ''].join(' ').toLowerCase();
      return words.every(word => text.includes(word));
    };
    // What is being worked on comes first.
    const shown = this._all.filter(fits).sort((a, b) => Number(b.draft) - Number(a.draft));
    const drafts = this._all.filter(post => post.draft).length;
    this._line.textContent =
      this._root === null
        ? trans.__('No blog is here: these are the notebooks of the folder. `nbblog init` makes a blog.')
        : [
            trans._n('%1 post', '%1 posts', this._all.length - drafts),
            ...(drafts ? [trans._n('%1 draft', '%1 drafts', drafts)] : []),
            ...(words.length ? [trans.__('%1 shown', shown.length)] : [])
          ].join(' · ');
    this._posts.replaceChildren(...shown.map(post => this._write(post)));
  }

  private _write(post: IPost): HTMLElement {
    const { trans } = this._desk;
    const link = make('button', { type: 'button', title: post.path }, post.title || post.slug);
    link.addEventListener('click', () => void this._desk.open(this._folder ?? '', post.path));
    const about = [post.date ?? trans.__('no date'), ...post.categories].join(' · ');
    const marks = make('span', { className: 'nbblog-Marks' });
    const mark = (kind: string, text: string, click?: () => void): void => {
      const badge = click ? make('button', { type: 'button' }, text) : make('span', {}, text);
      badge.dataset.kind = kind;
      badge.addEventListener('click', () => click?.());
      marks.append(badge, ' ');
    };
    if (post.draft) {
      mark('draft', trans.__('Draft'));
    }
    const findings = this._findings.get(post.path) ?? [];
    const stale = findings.find(one => one.code === 'section-stale');
    const serious = findings.filter(one => one !== stale && one.severity !== 'info');
    const goTo = ({ path, cell, line }: IFinding) => () => void this._desk.goTo(this._folder ?? '', path, cell, line);
    if (stale) {
      mark('warning', trans.__('Stale section'), goTo(stale));
    }
    if (serious.length) {
      const worst = serious.find(one => one.severity === 'error') ?? serious[0]!;
      mark(worst.severity, trans._n('%1 notice', '%1 notices', serious.length), goTo(worst));
    }
    return make('li', {}, link, make('small', {}, about), marks);
  }

  private _later = 0;
  private _folder: string | null = null;
  /** The blog's folder as the server's contents name it; none where there is no blog. */
  private _root: string | null = null;
  private _all: IPost[] = [];
  private _findings = new Map<string, IFinding[]>();
  private _filter: HTMLInputElement;
  private _line: HTMLElement;
  private _posts: HTMLElement;
}
