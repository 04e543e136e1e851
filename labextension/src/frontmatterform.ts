/** A form for the head of the post: it reads and writes the YAML block, and leaves what it does not know alone. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookTools } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { folderOf } from './desk';
import { make } from './dom';
import { findHead, writeHead } from './head';
import { rank, type IPost, type Posts } from './posts';
import type { Value, YamlHead } from './yamlhead';

type Kind = 'text' | 'lines' | 'words' | 'date' | 'truth';

interface IField {
  name: string;
  kind: Kind;
  label: string;
  help?: string;
  /** Words that other posts have there. */
  known?: (posts: IPost[]) => Iterable<string>;
  /** What the post has where its head says nothing: from its text or its name. */
  found?: (post: IPost) => string;
}

type Control = HTMLInputElement | HTMLTextAreaElement;

export class FrontMatterForm extends NotebookTools.Tool {
  constructor(
    private _trans: TranslationBundle,
    private _posts: Posts
  ) {
    super();
    this.addClass('nbblog-Form');
    this._message = make('p', { className: 'nbblog-FormMessage' });
    this._message.setAttribute('role', 'status');
    this._fields = make('fieldset', {}, ...this._list().map(field => this._write(field)));
    this.node.append(this._message, this._fields);
    this.node.addEventListener('focusin', () => void this._suggest());
  }

  dispose(): void {
    this._leave();
    super.dispose();
  }

  protected onActiveNotebookPanelChanged(): void {
    this._leave();
    const panel = this.notebookTools.activeNotebookPanel;
    if (panel?.model) {
      this._panel = panel;
      panel.model.contentChanged.connect(this._read, this);
      panel.disposed.connect(this._leave, this);
    }
    this._suggested = '';
    void this._read();
    if (this.isVisible) {
      void this._suggest();
    }
  }

  protected onAfterShow(): void {
    void this._suggest();
  }

  private _leave(): void {
    this._panel?.model?.contentChanged.disconnect(this._read, this);
    this._panel?.disposed.disconnect(this._leave, this);
    this._panel = null;
  }

  private _list(): IField[] {
    const { _trans: trans } = this;
    return [
      { name: 'title', kind: 'text', label: trans.__('Title'), found: post => post.title },
      { name: 'description', kind: 'lines', label: trans.__('Description'), help: trans.__('For lists, feeds and search engines') },
      {
        name: 'author', kind: 'words', label: trans.__('Authors'), help: trans.__('With commas between them'),
        known: posts => posts.flatMap(post => post.authors), found: post => post.authors.join(', ')
      },
      { name: 'date', kind: 'date', label: trans.__('Date') },
      {
        name: 'categories', kind: 'words', label: trans.__('Categories'), help: trans.__('With commas between them'),
        known: posts => posts.flatMap(post => post.categories)
      },
      {
        name: 'series', kind: 'text', label: trans.__('Series'),
        known: posts => posts.flatMap(post => post.series ?? [])
      },
      { name: 'image', kind: 'text', label: trans.__('Picture'), help: trans.__('For lists, and where links to the post are shown') },
      { name: 'image-alt', kind: 'text', label: trans.__('What the picture shows') },
      { name: 'slug', kind: 'text', label: trans.__('Slug'), help: trans.__('The end of its address; by itself from the file’s name'), found: post => post.slug },
      { name: 'draft', kind: 'truth', label: trans.__('Draft: not for readers yet') }
    ];
  }

  private _write(field: IField): HTMLElement {
    const id = `nbblog-head-${field.name}`;
    const control: Control =
      field.kind === 'lines'
        ? make('textarea', { rows: 3 })
        : make('input', { type: field.kind === 'truth' ? 'checkbox' : 'text' });
    Object.assign(control, { id, name: field.name, spellcheck: field.kind === 'lines' });
    control.addEventListener('change', () => void this._change(field, control));
    this._controls.set(field, control);
    const label = make('label', { htmlFor: id }, field.label);
    const row = make('div', { className: 'nbblog-FormRow' });
    row.append(...(field.kind === 'truth' ? [control, label] : [label, control]));
    if (field.help) {
      const help = make('small', { id: `${id}-help` }, field.help);
      control.setAttribute('aria-describedby', help.id);
      row.append(help);
    }
    if (field.known) {
      row.append(make('div', { className: 'nbblog-FormWords', hidden: true }));
    }
    return row;
  }

  /** The head as it stands, or a message of why there is none to be edited. */
  private async _open(): Promise<{ panel: NotebookPanel; yaml: YamlHead } | null> {
    const panel = this._panel;
    const { YamlHead } = await import('./yamlhead');
    if (!panel?.model || panel !== this._panel || panel.isDisposed) {
      return null;
    }
    const head = findHead(panel.model);
    try {
      return { panel, yaml: new YamlHead(head?.text ?? '') };
    } catch (reason) {
      this._say(this._trans.__('The front matter cannot be read: %1', (reason as Error).message), true);
      return null;
    }
  }

  /** Show what stands in the notebook. */
  private async _read(): Promise<void> {
    const opened = await this._open();
    if (!opened) {
      this._fields.disabled = true;
      return;
    }
    const { panel, yaml } = opened;
    const isFixed = panel.model!.readOnly || panel.context.contentsModel?.writable === false;
    this._fields.disabled = isFixed;
    const isThere = findHead(panel.model!) !== null;
    this._say(isThere || isFixed ? '' : this._trans.__('What you fill in makes a first cell with the front matter.'));
    for (const [field, control] of this._controls) {
      const value = yaml.get(field.name);
      control.disabled = value === undefined;
      control.title = value === undefined ? this._trans.__('Its value can only be changed in the cell.') : '';
      if (field.kind === 'date') {
        // The browser's calendar takes no other form.
        const isPlain = value === null || (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value));
        (control as HTMLInputElement).type = isPlain ? 'date' : 'text';
      }
      if (control !== document.activeElement || control.disabled) {
        show(control, value);
      }
    }
  }

  private async _change(field: IField, control: Control): Promise<void> {
    const opened = await this._open();
    if (!opened) {
      return;
    }
    const { panel, yaml } = opened;
    const value = take(field.kind, control);
    if (JSON.stringify(value) === JSON.stringify(normal(field.kind, yaml.get(field.name)))) {
      return;
    }
    writeHead(panel.model!, findHead(panel.model!), yaml.with(field.name, value));
  }

  /** Offer what other posts of the blog have, and show what this one has without a word of its head. */
  private async _suggest(): Promise<void> {
    const { path, localPath } = this._panel?.context ?? {};
    if (path === undefined || path === this._suggested) {
      return;
    }
    this._suggested = path;
    const all = await this._posts.of(folderOf(path));
    const own = all.find(post => post.path === localPath);
    const posts = all.filter(post => post !== own);
    for (const [field, control] of this._controls) {
      control.placeholder = (own && field.found?.(own)) ?? '';
      const words = field.known ? rank(field.known(posts)).slice(0, 24) : [];
      const box = control.parentElement?.querySelector<HTMLElement>('.nbblog-FormWords');
      box?.replaceChildren(...words.map(word => this._offer(field, control, word)));
      if (box) {
        box.hidden = !words.length;
      }
    }
  }

  private _offer(field: IField, control: Control, word: string): HTMLElement {
    const button = make('button', { type: 'button' }, word);
    button.setAttribute('aria-label', this._trans.__('%1: %2', field.label, word));
    button.addEventListener('click', () => {
      const words = field.kind === 'words' ? split(control.value) : [];
      control.value = (words.includes(word) ? words.filter(one => one !== word) : [...words, word]).join(', ');
      void this._change(field, control);
    });
    return button;
  }

  private _say(message: string, isError = false): void {
    this._message.textContent = message;
    this._message.hidden = !message;
    this._message.classList.toggle('nbblog-mod-error', isError);
  }

  private _panel: NotebookPanel | null = null;
  private _controls = new Map<IField, Control>();
  private _message: HTMLElement;
  private _fields: HTMLFieldSetElement;
  private _suggested = '';
}

function split(text: string): string[] {
  return text.split(',').map(word => word.trim()).filter(Boolean);
}

function show(control: Control, value: Value | null): void {
  if (control.type === 'checkbox') {
    (control as HTMLInputElement).checked = normal('truth', value) === true;
  } else {
    control.value = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  }
}

function take(kind: Kind, control: Control): string | boolean | string[] {
  if (kind === 'truth') {
    return (control as HTMLInputElement).checked;
  }
  const text = control.value.replace(/\s+/g, ' ').trim();
  return kind === 'words' ? split(text) : text;
}

/** A value as the form would write it. */
function normal(kind: Kind, value: Value | null): string | boolean | string[] {
  if (kind === 'truth') {
    return value === true || /^(?:true|yes|on)$/i.test(String(value));
  }
  if (kind === 'words') {
    return Array.isArray(value) ? value : split(String(value ?? ''));
  }
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}
