/** The preview of one notebook: asks the server when the notebook changes, and shows what comes. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { Panel } from '@lumino/widgets';
import { CellNotices } from './cellnotices';
import { Draft } from './draft';
import { Files } from './files';
import { Frame } from './frame';
import { Notices } from './notices';
import { Refusal, type IAnswer, type INotice, type Server } from './server';
import { version } from './version';

/** What a user can set. */
export interface ISettings {
  update: 'typing' | 'saving';
  scheme: 'jupyterlab' | 'light' | 'dark';
  width: 'panel' | 'desktop' | 'tablet' | 'phone';
  scroll: boolean;
}

export const DEFAULTS: ISettings = {
  update: 'typing',
  scheme: 'jupyterlab',
  width: 'panel',
  scroll: true
};

/** CSS pixels of the windows that readers have. */
const WIDTHS = { panel: 0, desktop: 1280, tablet: 820, phone: 390 };

/** Milliseconds until a server that did not answer is asked again. */
const RETRY = 3000;

/** Milliseconds without a change until the notices are shown. */
const AFTERWARDS = 150;

export class Preview extends Panel {
  constructor(
    readonly notebook: NotebookPanel,
    private _server: Server,
    private _path: () => string,
    private _trans: TranslationBundle
  ) {
    super();
    this.addClass('nbblog-Preview');
    this.frame = new Frame(_trans.__('The article'));
    this.notices = new Notices(_trans);
    this._atCells = new CellNotices(notebook.content, _trans);
    this._files = new Files(_server);
    this._message = document.createElement('p');
    this._message.className = 'nbblog-Message';
    this._message.setAttribute('role', 'status');
    this._message.hidden = true;
    this.addWidget(this.frame);
    this.addWidget(this.notices);
    this.node.prepend(this._message);
    this.frame.failed.connect((_, reason) => {
      console.warn(`nbblog: ${reason}`);
      this.reload();
    });
    notebook.disposed.connect(() => this.dispose());
    void notebook.context.ready.then(() => this._start());
  }

  readonly frame: Frame;
  readonly notices: Notices;

  get settings(): ISettings {
    return this._settings;
  }

  set settings(settings: ISettings) {
    this._settings = settings;
    this.frame.width = WIDTHS[settings.width];
    this._paint();
  }

  /** Whether JupyterLab's own theme is a light one. */
  set isLight(isLight: boolean) {
    this._isLight = isLight;
    this._paint();
  }

  get scheme(): 'light' | 'dark' {
    const { scheme } = this._settings;
    return scheme !== 'jupyterlab' ? scheme : this._isLight ? 'light' : 'dark';
  }

  /** Ask the server for what has changed; while an answer is on its way, once more after it. */
  refresh(): void {
    if (this.isDisposed || !this._draft) {
      return;
    }
    if (this._isAsking) {
      this._isStale = true;
      return;
    }
    this._isAsking = true;
    window.clearTimeout(this._retry);
    void this._ask(this._draft).finally(() => {
      this._isAsking = false;
      if (this._isStale) {
        this.refresh();
      }
    });
  }

  /** Ask for everything, as if nothing had come so far. */
  reload(): void {
    this._have = 0;
    this.frame.reset();
    this.refresh();
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    window.clearTimeout(this._retry);
    window.clearTimeout(this._later);
    this._draft?.dispose();
    this._atCells.dispose();
    Signal.clearData(this);
    super.dispose();
  }

  private _start(): void {
    if (this.isDisposed) {
      return;
    }
    const { context } = this.notebook;
    this._draft = new Draft(context.model);
    context.model.contentChanged.connect(this._change, this);
    context.saveState.connect((_, state) => {
      if (state === 'completed') {
        this.refresh();
      }
    }, this);
    void this._greet();
    this.refresh();
  }

  private _change(): void {
    if (this._settings.update === 'typing') {
      this.refresh();
    }
  }

  /** Two parts of one package can be of different versions only until the page or the server is started anew. */
  private async _greet(): Promise<void> {
    const other = await this._server.hello().catch(() => version);
    if (other !== version) {
      this._say(
        this._trans.__(
          'nbblog %1 runs in the server, %2 in this page. Restart Jupyter and reload the page.',
          other,
          version
        )
      );
    }
  }

  private async _ask(draft: Draft): Promise<void> {
    window.clearTimeout(this._later);
    // Whoever else hears of the change hears it first; several changes at once are one.
    await Promise.resolve();
    this._isStale = false;
    try {
      await this._show(await this._fetch(draft));
      this._say('');
    } catch (error) {
      if (this.isDisposed) {
        return;
      }
      const isRefusal = error instanceof Refusal;
      if (!isRefusal || error.status >= 500) {
        this._retry = window.setTimeout(() => this.refresh(), RETRY);
      }
      this._say(this._explain(error));
    }
    this._listSoon();
  }

  private async _fetch(draft: Draft): Promise<IAnswer> {
    const { notebook, arrived } = draft.write();
    const request = { have: this._have, notebook };
    try {
      const answer = await this._server.preview(this._path(), this._session, request);
      arrived();
      return answer;
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      if (error.status === 422) {
        arrived();
      }
      // The server forgot us: it was started anew, or had to end a rendering.
      if (error.status === 409 && !this._isRepeating) {
        draft.forget();
        this._isRepeating = true;
        return this._fetch(draft).finally(() => (this._isRepeating = false));
      }
      throw error;
    }
  }

  private async _show(answer: IAnswer): Promise<void> {
    const files = await this._files.collect(answer);
    if (this.isDisposed) {
      return;
    }
    this._have = answer.number;
    const styles = answer.styles && this._files.withFonts(answer.styles, answer.folder);
    this.frame.draw(answer, files, styles);
    this._found = answer.notices;
  }

  /**
   * Show the notices once no key is pressed for a moment. In a long notebook any change of JupyterLab's own page takes
   * the browser longer than all that the article does.
   */
  private _listSoon(): void {
    if (this.isDisposed) {
      return;
    }
    window.clearTimeout(this._later);
    this._later = window.setTimeout(() => {
      this.notices.list(this._found);
      this._atCells.list(this._found);
    }, AFTERWARDS);
  }

  private _explain(error: unknown): string {
    if (error instanceof Refusal && error.status === 404) {
      return this._trans.__('The server does not have nbblog’s preview, or not this notebook.');
    }
    if (error instanceof Refusal) {
      return error.message;
    }
    return this._trans.__('The server does not answer. The article is as it was last.');
  }

  private _say(message: string): void {
    // A browser works through the whole page again even where nothing changes.
    if (this._message.textContent !== message) {
      this._message.textContent = message;
      this._message.hidden = !message;
    }
  }

  private _paint(): void {
    this.frame.scheme = this.scheme;
  }

  private _atCells: CellNotices;
  private _draft: Draft | null = null;
  private _session = UUID.uuid4();
  private _have = 0;
  private _isAsking = false;
  private _isStale = false;
  private _isRepeating = false;
  private _retry = 0;
  private _later = 0;
  private _found: INotice[] = [];
  private _isLight = true;
  private _settings = DEFAULTS;
  private _message: HTMLElement;
  private _files: Files;
}
