/** The blog as a whole: a new post, what is to be mended, and publishing. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  CommandToolbarButton,
  ICommandPalette,
  InputDialog,
  MainAreaWidget,
  showErrorMessage,
  ToolbarButton
} from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon, type LabIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Desk } from './desk';
import { Findings, type IFinding } from './findings';
import { articleIcon, checkIcon, newPostIcon, publishIcon } from './icons';
import { Overview } from './overview';
import { publish } from './publish';

interface ICommand {
  label: string;
  caption: string;
  icon: LabIcon;
  execute: (folder: string, args: ReadonlyPartialJSONObject) => Promise<unknown>;
}

export const blog: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:blog',
  description: 'Commands for the blog that a notebook belongs to.',
  autoStart: true,
  optional: [
    INotebookTracker, IDefaultFileBrowser, ILauncher, ICommandPalette, ITranslator, ILabShell, ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    files: IDefaultFileBrowser | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    const desk = new Desk(app, notebooks, trans, files);
    const category = trans.__('Blog');
    const add = (id: string, { execute, ...shown }: ICommand): void => {
      app.commands.addCommand(id, {
        ...shown,
        label: args => (args.isLauncher ? shown.label.replace('…', '') : shown.label),
        describedBy: {
          args: {
            type: 'object',
            properties: {
              cwd: { type: 'string', description: trans.__('A folder of the blog; by default the current one.') },
              title: { type: 'string', description: trans.__('The title of a new post; by default it is asked for.') }
            }
          }
        },
        execute: args => execute(desk.findFolder(args.cwd), args)
      });
      palette?.addItem({ command: id, category });
    };
    add('nbblog:new-post', {
      label: trans.__('New Post…'),
      caption: trans.__('Make the notebook of a new post, and open it'),
      icon: newPostIcon,
      execute: (folder, { title }) => addPost(desk, folder, title)
    });
    add('nbblog:check', {
      label: trans.__('Check Blog'),
      caption: trans.__('List what is to be mended before others read the blog'),
      icon: checkIcon,
      execute: folder => check(desk, folder)
    });
    add('nbblog:publish', {
      label: trans.__('Publish Blog…'),
      caption: trans.__('Show what would change for readers, and publish it'),
      icon: publishIcon,
      execute: folder => publish(desk, folder)
    });
    if (labShell) {
      addOverview(desk, labShell, restorer, files);
      palette?.addItem({ command: 'nbblog:posts', category });
    }
    launcher?.add({ command: 'nbblog:new-post', category, args: { isLauncher: true } });
  }
};

/** The posts in the left area, which Notebook does not have. */
function addOverview(
  desk: Desk,
  labShell: ILabShell,
  restorer: ILayoutRestorer | null,
  files: IDefaultFileBrowser | null
): void {
  const { trans, app } = desk;
  const overview = new Overview(desk);
  overview.id = 'nbblog-posts';
  overview.title.icon = articleIcon;
  overview.title.caption = trans.__('Blog Posts');
  for (const id of ['nbblog:new-post', 'nbblog:check', 'nbblog:publish']) {
    overview.toolbar.addItem(id, new CommandToolbarButton({ commands: app.commands, id, label: '' }));
  }
  overview.toolbar.addItem(
    'refresh',
    new ToolbarButton({ icon: refreshIcon, tooltip: trans.__('Refresh'), onClick: () => void overview.refresh() })
  );
  desk.notebooks?.currentChanged.connect(() => overview.move(), overview);
  files?.model.pathChanged.connect(() => overview.move(), overview);
  labShell.add(overview, 'left', { rank: 450, type: 'Blog' });
  restorer?.add(overview, overview.id);
  app.commands.addCommand('nbblog:posts', {
    label: trans.__('Show Blog Posts'),
    caption: trans.__('List the posts of the blog, with what is to be mended in them'),
    icon: articleIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => labShell.activateById(overview.id)
  });
}

async function addPost(desk: Desk, folder: string, given: unknown): Promise<unknown> {
  const title = typeof given === 'string' ? given : await askTitle(desk);
  if (!title) {
    return undefined;
  }
  try {
    const made = await desk.ask<{ path: string }>('new', folder, { title });
    return await desk.open(folder, made.path);
  } catch (reason) {
    await showErrorMessage(desk.trans.__('There is no new post'), reason as Error);
    return undefined;
  }
}

async function askTitle({ trans }: Desk): Promise<string> {
  const asked = await InputDialog.getText({
    title: trans.__('New blog post'),
    label: trans.__('What is its title?'),
    okLabel: trans.__('Make it')
  });
  return asked.button.accept ? (asked.value ?? '').trim() : '';
}

/** Show what is to be mended in a panel below the others; it is one panel for each blog's folder. */
async function check(desk: Desk, folder: string): Promise<void> {
  const { trans, app } = desk;
  const id = `nbblog-findings-${folder}`;
  const open = [...app.shell.widgets('down')].find(one => one.id === id) as MainAreaWidget<Findings> | undefined;
  const content =
    open?.content ??
    new Findings(trans, ({ path, cell, line }: IFinding) => void desk.goTo(folder, path, cell, line));
  const run = async (): Promise<void> => {
    content.say(trans.__('The blog is being checked…'));
    try {
      const { findings } = await desk.ask<{ findings: IFinding[] }>('check', folder, {}, (done, of) =>
        content.say(trans.__('The blog is being checked: %1 of %2 posts', done, of))
      );
      content.list(findings);
    } catch (reason) {
      content.say((reason as Error).message);
    }
  };
  if (!open) {
    const widget = new MainAreaWidget({ content });
    widget.id = id;
    widget.title.label = trans.__('Blog');
    widget.title.icon = checkIcon;
    widget.title.caption = trans.__('What is to be mended in the blog');
    widget.title.closable = true;
    widget.toolbar.addItem(
      'refresh',
      new ToolbarButton({ icon: refreshIcon, tooltip: trans.__('Check again'), onClick: () => void run() })
    );
    app.shell.add(widget, 'down');
  }
  app.shell.activateById(id);
  await run();
}
