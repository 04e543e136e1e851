/** The forms in JupyterLab's notebook tools: the head of the post, and what becomes of the active cell. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTools, INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { CellForm } from './celloptions';
import { Desk } from './desk';
import { FrontMatterForm } from './frontmatterform';
import { articleIcon } from './icons';
import { Posts } from './posts';

const COMMAND = 'nbblog:edit-head';

export const forms: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:forms',
  description: 'Forms for the front matter of a post, and for what becomes of a cell.',
  autoStart: true,
  requires: [INotebookTracker, INotebookTools],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    tools: INotebookTools,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    const posts = new Posts(new Desk(app, notebooks, trans, null));
    tools.addSection({ sectionName: 'nbblog-head', label: trans.__('Blog post'), rank: 0.1 });
    tools.addSection({ sectionName: 'nbblog-cell', label: trans.__('This cell in the article'), rank: 0.2 });
    const shown = { 'nbblog-head': new FrontMatterForm(trans, posts), 'nbblog-cell': new CellForm(trans) };
    for (const [section, tool] of Object.entries(shown)) {
      tools.addItem({ tool, section });
    }

    app.commands.addCommand(COMMAND, {
      label: trans.__('Edit Front Matter'),
      caption: trans.__('Title, date, categories and more of this post, and options of its cells, in a form'),
      icon: articleIcon,
      isEnabled: () => !!notebooks.currentWidget,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => {
        // The inspector is about the current widget, which may be the article.
        for (const id of [notebooks.currentWidget?.id ?? '', 'jp-property-inspector', 'notebook-tools']) {
          app.shell.activateById(id);
        }
        (app.shell as Partial<{ expandRight(id?: string): void }>).expandRight?.('notebook-tools');
        Object.values(shown).forEach(unfold);
      }
    });
    notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged(COMMAND));
    palette?.addItem({ command: COMMAND, category: trans.__('Blog') });
  }
};

/** JupyterLab's notebook tools are folded at first, each section by a widget around it. */
function unfold(tool: Widget): void {
  for (let around = tool.parent; around; around = around.parent) {
    if ('collapsed' in around) {
      around.collapsed = false;
    }
  }
}
