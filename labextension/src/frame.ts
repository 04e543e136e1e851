/**
 * The frame that holds the page: a document without an origin, which can reach neither JupyterLab nor the server. What
 * it says is data, is checked, and never becomes HTML here.
 */

import { Widget } from '@lumino/widgets';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IAnswer } from './server';

/** A place in the article: a cell, and which part of it is above the window. */
export interface ISpot {
  id: string;
  part: number;
}

/** A click in the article: the cell, and the words there. */
export interface IClick {
  id: string;
  text: string;
}

/** The whole page, as the answers so far have made it. */
class Page {
  head = '';
  styles = '';
  top = '';
  bottom = '';
  folder = '';
  number = 0;
  order: string[] = [];
  cells: Record<string, string> = {};
  files: Record<string, Blob> = {};

  /** Take what an answer says; a file that is not among `files` yet is one of the answer. */
  take(answer: IAnswer, files: Record<string, Blob>): void {
    this.head = answer.document ?? this.head;
    this.styles = answer.styles ?? this.styles;
    this.top = answer.top ?? this.top;
    this.bottom = answer.bottom ?? this.bottom;
    this.order = answer.order ?? this.order;
    this.folder = answer.folder;
    this.number = answer.number;
    Object.assign(this.files, files);
    Object.assign(this.cells, answer.cells);
    const wanted = new Set(this.order);
    for (const id of Object.keys(this.cells)) {
      if (!wanted.has(id)) {
        delete this.cells[id];
      }
    }
  }
}

export class Frame extends Widget {
  constructor(title: string) {
    super();
    this.addClass('nbblog-Frame');
    this._title = title;
    window.addEventListener('message', this);
    this._sizes = new ResizeObserver(() => this._fit());
    this._sizes.observe(this.node);
  }

  readonly clicked = new Signal<this, IClick>(this);
  readonly scrolled = new Signal<this, ISpot>(this);

  /** An answer's changes are on the screen: its number. */
  get shown(): ISignal<this, number> {
    return this._shown;
  }

  /** The page has a fault that its answers do not explain. */
  get failed(): ISignal<this, string> {
    return this._failed;
  }

  /** Show what an answer changes, with the files that came for it. */
  draw(answer: IAnswer, files: Record<string, Blob>, styles: string | null): void {
    const page = this._page;
    page.take({ ...answer, styles }, files);
    if ((answer.document !== null && answer.policy !== this._policy) || !this._element) {
      this._policy = answer.policy;
      this._load();
    } else if (!this._next) {
      const around = answer.top !== null || answer.bottom !== null;
      this._post(this._element, 'show', {
        number: page.number,
        folder: page.folder,
        files,
        cells: answer.cells,
        order: answer.order,
        styles,
        page: around ? { top: page.top, bottom: page.bottom } : null
      });
    }
  }

  /** Have the next answer shown in a new document, whatever it is. */
  reset(): void {
    this._policy = '';
  }

  /** The colours, whatever the reader's system says. */
  set scheme(scheme: 'light' | 'dark') {
    this._scheme = scheme;
    this._post(this._element, 'scheme', { scheme });
  }

  /** The width of the window that readers have, in CSS pixels; 0 for the panel's own. */
  set width(width: number) {
    this._width = width;
    this._fit();
  }

  /** Mark the cell, and bring it into view if wanted. */
  mark(id: string, reveal: boolean): void {
    this._active = id;
    this._post(this._element, 'active', { id, reveal });
  }

  scrollTo(spot: ISpot): void {
    this._spot = spot;
    this._post(this._element, 'scroll', spot);
  }

  handleEvent(event: MessageEvent): void {
    const from = [this._element, this._next].find(
      frame => frame && frame.contentWindow === event.source
    );
    const said = event.data as Record<string, unknown> | null;
    if (!from || typeof said !== 'object' || !said) {
      return;
    }
    if (said.nbblog === 'ready') {
      this._fill(from);
    } else if (said.nbblog === 'shown' && typeof said.number === 'number') {
      this._spot = readSpot(said.at) ?? this._spot;
      if (from === this._next) {
        this._swap();
      }
      this._shown.emit(said.number);
    } else if (said.nbblog === 'scroll' && from === this._element) {
      const spot = readSpot(said);
      if (spot) {
        this._spot = spot;
        this.scrolled.emit(spot);
      }
    } else if (said.nbblog === 'click' && typeof said.id === 'string') {
      const text = typeof said.text === 'string' ? said.text.slice(0, 400) : '';
      this.clicked.emit({ id: said.id, text });
    } else if (said.nbblog === 'failed') {
      this._failed.emit(String(said.message).slice(0, 200));
    }
  }

  dispose(): void {
    window.removeEventListener('message', this);
    this._sizes.disconnect();
    Signal.clearData(this);
    super.dispose();
  }

  /** Make a new document beside the present one, which stays until the new one is complete. */
  private _load(): void {
    const { head, styles, top, bottom } = this._page;
    this._loaded = { styles, page: { top, bottom } };
    const frame = document.createElement('iframe');
    frame.title = this._title;
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.referrerPolicy = 'no-referrer';
    frame.className = 'nbblog-mod-loading';
    const styled = head.replace('<style></style>', () => `<style>${styles}</style>`);
    frame.srcdoc = `${styled}${top}<!--nbblog:article-->${bottom}`;
    this._next?.remove();
    this._next = frame;
    this._keep = this._spot;
    this.node.append(frame);
    this._fit();
  }

  /** Give a document all that the page has. A frame that is moved in JupyterLab is loaded anew and asks for it, too. */
  private _fill(frame: HTMLIFrameElement): void {
    const { number, folder, files, cells, order, styles, top, bottom } = this._page;
    const { page: base, styles: first } = this._loaded;
    if (this._scheme) {
      this._post(frame, 'scheme', { scheme: this._scheme });
    }
    this._post(frame, 'show', {
      number,
      folder,
      files,
      cells,
      order,
      styles: styles === first ? null : styles,
      base,
      page: { top, bottom }
    });
    this._post(frame, 'active', { id: this._active, reveal: false });
    const spot = frame === this._next ? this._keep : this._spot;
    if (spot) {
      this._post(frame, 'scroll', spot);
    }
  }

  private _swap(): void {
    this._element?.remove();
    this._element = this._next;
    this._next = null;
    this._element?.classList.remove('nbblog-mod-loading');
  }

  private _post(frame: HTMLIFrameElement | null, nbblog: string, content: object): void {
    // A document without an origin can be addressed by no other name.
    frame?.contentWindow?.postMessage({ nbblog, ...content }, '*');
  }

  private _fit(): void {
    const { clientWidth, clientHeight } = this.node;
    const scale = this._width ? Math.min(1, clientWidth / this._width) : 1;
    for (const frame of [this._element, this._next]) {
      if (frame) {
        frame.style.width = this._width ? `${this._width}px` : '100%';
        frame.style.height = `${clientHeight / scale}px`;
        frame.style.transform = scale < 1 ? `scale(${scale})` : '';
        const spare = this._width ? (clientWidth - this._width * scale) / 2 : 0;
        frame.style.left = `${Math.max(0, spare)}px`;
      }
    }
  }

  private _page = new Page();
  private _title: string;
  private _policy = '';
  private _element: HTMLIFrameElement | null = null;
  private _next: HTMLIFrameElement | null = null;
  private _loaded = { styles: '', page: { top: '', bottom: '' } };
  private _active = '';
  private _spot: ISpot | null = null;
  private _keep: ISpot | null = null;
  private _scheme: 'light' | 'dark' | null = null;
  private _width = 0;
  private _sizes: ResizeObserver;
  private _shown = new Signal<this, number>(this);
  private _failed = new Signal<this, string>(this);
}

function readSpot(value: unknown): ISpot | null {
  const { id, part } = (value ?? {}) as Record<string, unknown>;
  const isSpot = typeof id === 'string' && typeof part === 'number';
  return isSpot && Number.isFinite(part) ? { id, part } : null;
}
