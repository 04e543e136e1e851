/** The blog as a whole: a new post, from the launcher or the palette. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, showErrorMessage } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { newPostIcon } from './icons';
import { Server } from './server';

const NEW_POST = 'nbblog:new-post';

export const blog: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:blog',
  description: 'Commands for the blog that a notebook belongs to.',
  autoStart: true,
  optional: [INotebookTracker, IDefaultFileBrowser, ILauncher, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    files: IDefaultFileBrowser | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    const { contents, serverSettings } = app.serviceManager;
    const server = new Server(serverSettings);
    const category = trans.__('Blog');

    /** The folder that a command is about: the one it names, the current notebook's, or the file browser's. */
    const findFolder = (cwd: unknown): string => {
      const shown = notebooks?.currentWidget;
      const isCurrent = shown && shown === app.shell.currentWidget;
      return typeof cwd === 'string' ? cwd : isCurrent ? PathExt.dirname(shown.context.path) : files?.model.path ?? '';
    };
    const open = (path: string): Promise<unknown> =>
      app.commands.execute('docmanager:open', { path, factory: 'Notebook' });

    app.commands.addCommand(NEW_POST, {
      label: args => (args.isLauncher ? trans.__('New Post') : trans.__('New Blog Post…')),
      caption: trans.__('Make the notebook of a new post, and open it'),
      icon: newPostIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            cwd: { type: 'string', description: trans.__('A folder of the blog; by default the current one.') },
            title: { type: 'string', description: trans.__('The title; by default it is asked for.') }
          }
        }
      },
      execute: async args => {
        const folder = findFolder(args.cwd);
        const title = typeof args.title === 'string' ? args.title : await askTitle();
        if (!title) {
          return undefined;
        }
        try {
          const made = await server.errand<{ path: string }>('new', contents.localPath(folder), { title });
          const drive = contents.driveName(folder);
          return await open(drive ? `${drive}:${made.path}` : made.path);
        } catch (reason) {
          await showErrorMessage(trans.__('There is no new post'), reason as Error);
          return undefined;
        }
      }
    });
    const askTitle = async (): Promise<string> => {
      const asked = await InputDialog.getText({
        title: trans.__('New blog post'),
        label: trans.__('What is its title?'),
        okLabel: trans.__('Make it')
      });
      return asked.button.accept ? (asked.value ?? '').trim() : '';
    };
    palette?.addItem({ command: NEW_POST, category });
    launcher?.add({ command: NEW_POST, category, args: { isLauncher: true } });
  }
};
