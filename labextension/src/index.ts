/** What JupyterLab and Notebook are given: the preview and its commands, pictures in markdown cells, and the blog. */

import {
  ILabShell,
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { blog } from './blog';
import { completion } from './completion';
import { Desk, folderOf } from './desk';
import { forms } from './forms';
import { articleIcon } from './icons';
import { follow } from './follow';
import { images } from './images';
import { BlogMarkdown, type FindPosts } from './markdown';
import { Posts } from './posts';
import { DEFAULTS, Preview, type ISettings } from './preview';
import { Server } from './server';
import { addTools } from './toolbar';

const COMMAND = 'nbblog:preview';

type Shown = MainAreaWidget<Preview>;

const preview: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:plugin',
  description: 'A live preview of the article that a notebook becomes.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILabShell, ILayoutRestorer, ICommandPalette, ISettingRegistry, IThemeManager, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    themes: IThemeManager | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    const server = new Server(app.serviceManager.serverSettings);
    const shown = new WidgetTracker<Shown>({ namespace: 'nbblog' });
    let settings = DEFAULTS;

    const paint = (widget: Shown): void => {
      widget.content.isLight = !themes?.theme || themes.isLight(themes.theme);
    };
    const open = (panel: NotebookPanel): Shown => {
      const path = (): string => app.serviceManager.contents.localPath(panel.context.path);
      const content = new Preview(panel, server, path, trans);
      content.settings = settings;
      const widget = new MainAreaWidget({ content });
      widget.id = `nbblog-preview-${panel.id}`;
      widget.title.icon = articleIcon;
      widget.title.closable = true;
      const name = (): void => {
        widget.title.label = PathExt.basename(panel.context.path, '.ipynb');
        widget.title.caption = trans.__('Article of %1', panel.context.path);
        void shown.save(widget);
      };
      name();
      panel.context.pathChanged.connect(name, widget);
      addTools(widget, trans, change => {
        content.settings = { ...content.settings, ...change };
      });
      follow(content);
      content.disposed.connect(() => widget.dispose());
      void shown.add(widget);
      paint(widget);
      return widget;
    };
    const show = (panel: NotebookPanel): Shown => {
      const widget = shown.find(one => one.content.notebook === panel) ?? open(panel);
      if (!widget.isAttached) {
        if (labShell) {
          labShell.add(widget, 'main', { mode: 'split-right', ref: panel.id, activate: false });
        } else {
          // Notebook shows one document; what stands beside it is in its right area.
          app.shell.add(widget, 'right');
        }
      }
      if (labShell) {
        labShell.activateById(widget.id);
      } else {
        (app.shell as Partial<{ expandRight(id: string): void }>).expandRight?.(widget.id);
      }
      return widget;
    };
    const find = async (path: unknown): Promise<NotebookPanel | null> => {
      if (typeof path !== 'string') {
        return notebooks.currentWidget;
      }
      await notebooks.restored;
      return (
        notebooks.find(panel => panel.context.path === path) ??
        ((await app.commands.execute('docmanager:open', { path, factory: 'Notebook' })) as NotebookPanel | null)
      );
    };

    app.commands.addCommand(COMMAND, {
      label: args => (args.isToolbar ? '' : trans.__('Preview as Blog Article')),
      caption: trans.__('Show the article that this notebook becomes, as it stands'),
      icon: articleIcon,
      isEnabled: args => typeof args.path === 'string' || !!notebooks.currentWidget,
      describedBy: {
        args: {
          type: 'object',
          properties: { path: { type: 'string', description: trans.__('The notebook; by default the current one.') } }
        }
      },
      execute: async args => {
        const panel = await find(args.path);
        return panel ? show(panel) : undefined;
      }
    });
    notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged(COMMAND));
    palette?.addItem({ command: COMMAND, category: trans.__('Notebook Operations') });
    themes?.themeChanged.connect(() => shown.forEach(paint));
    void restorer?.restore(shown, {
      command: COMMAND,
      args: ({ content }) => ({ path: content.notebook.context.path }),
      name: ({ content }) => content.notebook.context.path
    });
    void registry
      ?.load(preview.id)
      .then(loaded => {
        const read = (): void => {
          settings = loaded.composite as unknown as ISettings;
          shown.forEach(({ content }) => (content.settings = settings));
        };
        loaded.changed.connect(read);
        read();
      })
      .catch(reason => console.error('nbblog: the settings cannot be read.', reason));
  }
};

const markdown: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:markdown',
  description: 'The blog’s markup in markdown cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate: (app: JupyterFrontEnd, rendermime: IRenderMimeRegistry) => {
    const { contents } = app.serviceManager;
    const posts = new Posts(new Desk(app, null, nullTranslator.load('nbblog'), null));
    const findPosts: FindPosts = async path => {
      const here = PathExt.dirname(contents.localPath(path));
      const known = new Map((await posts.of(folderOf(path))).map(post => [post.slug, post]));
      return slug => {
        const post = known.get(slug);
        return post && { href: PathExt.relative(here, post.path), title: post.title };
      };
    };
    const rank = rendermime.getRank('text/markdown');
    rendermime.addFactory(
      {
        safe: true,
        mimeTypes: ['text/markdown'],
        defaultRank: 60,
        createRenderer: options => new BlogMarkdown(options, findPosts)
      },
      rank
    );
  }
};

export default [preview, markdown, blog, images, forms, completion];
