/** What every command for the blog needs: which folder it is about, the server, and a way to open a post. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { goTo } from './follow';
import { Server } from './server';

export class Desk {
  constructor(
    readonly app: JupyterFrontEnd,
    readonly notebooks: INotebookTracker | null,
    readonly trans: TranslationBundle,
    private _files: IDefaultFileBrowser | null
  ) {
    this.server = new Server(app.serviceManager.serverSettings);
  }

  readonly server: Server;

  /** The folder that a command is about: the one it names, the current notebook's, or the file browser's. */
  findFolder(cwd: unknown): string {
    if (typeof cwd === 'string') {
      return cwd;
    }
    const shown = this.notebooks?.currentWidget;
    const isCurrent = shown && (shown === this.app.shell.currentWidget || !this._files);
    return isCurrent ? folderOf(shown.context.path) : this._files?.model.path ?? '';
  }

  /** As `Server.errand`, for the blog that the folder is in. */
  ask<T>(task: string, folder: string, wishes = {}, tell?: (done: number, of: number) => void): Promise<T> {
    return this.server.errand<T>(task, this.app.serviceManager.contents.localPath(folder), wishes, tell);
  }

  /** Open the notebook that the server names, on the drive that the folder is on. */
  async open(folder: string, path: string): Promise<NotebookPanel | undefined> {
    const drive = this.app.serviceManager.contents.driveName(folder);
    const full = drive ? `${drive}:${path}` : path;
    return (await this.app.commands.execute('docmanager:open', { path: full, factory: 'Notebook' })) as
      | NotebookPanel
      | undefined;
  }

  /** Open it, and make a cell the active one; both are counted from 1. */
  async goTo(folder: string, path: string, cell: number | null, line: number | null): Promise<void> {
    const panel = await this.open(folder, path);
    await panel?.revealed;
    if (panel && cell !== null && panel.content.widgets[cell - 1]) {
      await goTo(panel.content, cell - 1, line === null ? null : line - 1);
    }
  }
}

/** A notebook's folder, with its drive. */
export function folderOf(path: string): string {
  const [, drive = '', local = ''] = /^([^/]*:)?(.*)$/.exec(path) ?? [];
  return drive + PathExt.dirname(local);
}
