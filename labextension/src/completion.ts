/** What may follow while one types: constructs in double brackets, files beside the notebook, posts, and option lines. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EditorExtensionRegistry, IEditorExtensionRegistry } from '@jupyterlab/codemirror';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { autocompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { Desk, folderOf } from './desk';
import { Posts } from './posts';

export const completion: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:completion',
  description: 'Completion of the blog’s markup in cells.',
  autoStart: true,
  requires: [INotebookTracker, IEditorExtensionRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    editors: IEditorExtensionRegistry,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    const { contents } = app.serviceManager;
    const posts = new Posts(new Desk(app, notebooks, trans, null));
    const words = new Words(trans, posts, contents, () => notebooks.currentWidget?.context.path ?? '');
    editors.addExtension({
      name: 'nbblog:completion',
      factory: ({ model }) => {
        const isText = /markdown|ipythongfm/.test(model.mimeType);
        // JupyterLab's own completion is for code; in its cells ours is for the option lines only.
        const source = isText ? words.inText : words.inCode;
        return EditorExtensionRegistry.createImmutableExtension(autocompletion({ override: [source], icons: false }));
      }
    });
  }
};

/** Files that a construct can show, by their endings; others show all. */
const ENDINGS: Record<string, RegExp> = {
  image: /\.(?:png|jpe?g|gif|webp|avif|svg)$/i,
  video: /\.(?:mp4|webm|ogv|mov|m4v)$/i,
  audio: /\.(?:mp3|ogg|oga|wav|m4a|flac|opus)$/i,
  file: /^(?!.*\.ipynb$)/i
};

class Words {
  constructor(
    private _trans: TranslationBundle,
    private _posts: Posts,
    private _contents: Contents.IManager,
    private _path: () => string
  ) {}

  inText = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const alert = /^\s*>[>\s]*\[!([a-z]*)$/i.exec(before);
    if (alert && context.view?.dom.closest('.jp-Notebook') && !isCode(context, line.number, before)) {
      return { from: context.pos - alert[1]!.length, options: this._alerts(), validFor: /^[a-z]*$/i };
    }
    const open = /\[\[([^\[\]|]*)$/.exec(before);
    if (!open || !context.view?.dom.closest('.jp-Notebook') || isCode(context, line.number, before)) {
      return null;
    }
    const typed = open[1]!;
    const [, name, target] = /^\s*([a-z]+)\s*:\s*(.*)$/.exec(typed) ?? [];
    if (name === undefined || target === undefined) {
      return { from: context.pos - typed.length, options: this._constructs(), validFor: /^[a-z]*$/ };
    }
    const from = context.pos - target.length;
    if (name === 'post') {
      return { from, options: await this._slugs(), validFor: /^[^\[\]|]*$/ };
    }
    const ending = ENDINGS[name];
    if (!ending || /^[a-z][a-z+.-]*:/i.test(target)) {
      return null;
    }
    const folder = target.slice(0, target.lastIndexOf('/') + 1);
    return {
      from: from + folder.length,
      options: await this._files(folder, ending, name),
      validFor: /^[^\[\]|/]*$/
    };
  };

  inCode = (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const open = /^\s*(?:#|\/\/|--|%%?)\|[ \t]*(?:([a-z-]+):[ \t]*)?([a-z-]*)$/.exec(before);
    if (!open || !context.view?.dom.closest('.jp-CodeCell') || !isAtTop(context, line.number)) {
      return null;
    }
    const [, key, typed = ''] = open;
    const from = context.pos - typed.length;
    const values = key === undefined ? this._keys() : (VALUES[key] ?? []).map(label => ({ label }));
    return values.length ? { from, options: values, validFor: /^[a-z-]*$/ } : null;
  };

  private _constructs(): Completion[] {
    const { _trans: trans } = this;
    const named: [string, string][] = [
      ['image', trans.__('A picture')],
      ['video', trans.__('A film')],
      ['audio', trans.__('A sound')],
      ['embed', trans.__('A page of another site, loaded on click')],
      ['post', trans.__('A link to another post')],
      ['file', trans.__('A file to download')]
    ];
    return [
      ...named.map(([name, detail]) => ({
        label: name,
        detail,
        apply: (view: EditorView, _: Completion, from: number, to: number) => insert(view, from, to, `${name}:`, '')
      })),
      {
        label: 'toc',
        detail: trans.__('The table of contents'),
        apply: (view: EditorView, _: Completion, from: number, to: number) => insert(view, from, to, 'toc', '', true)
      }
    ];
  }

  /** GitHub's kinds: they look like something in JupyterLab and on GitHub too. */
  private _alerts(): Completion[] {
    const { _trans: trans } = this;
    const kinds: [string, string][] = [
      ['NOTE', trans.__('What readers should not miss')],
      ['TIP', trans.__('How to do it better')],
      ['IMPORTANT', trans.__('What must be known')],
      ['WARNING', trans.__('What may go wrong')],
      ['CAUTION', trans.__('What can be lost')]
    ];
    return kinds.map(([label, detail]) => ({
      label,
      detail,
      apply: (view: EditorView, _: Completion, from: number, to: number) => {
        const closed = view.state.doc.sliceString(to, to + 1) === ']';
        const text = `${label}]\n> `;
        view.dispatch({
          changes: { from, to: closed ? to + 1 : to, insert: text },
          selection: { anchor: from + text.length },
          userEvent: 'input.complete'
        });
      }
    }));
  }

  private async _slugs(): Promise<Completion[]> {
    const path = this._path();
    const own = this._contents.localPath(path);
    const posts = await this._posts.of(folderOf(path));
    return posts
      .filter(post => post.path !== own)
      .map(({ slug, title }) => ({
        label: slug,
        detail: title,
        apply: (view: EditorView, _: Completion, from: number, to: number) => insert(view, from, to, slug, '', true)
      }));
  }

  private async _files(folder: string, ending: RegExp, name: string): Promise<Completion[]> {
    const path = this._path();
    const drive = this._contents.driveName(path);
    const local = PathExt.join(PathExt.dirname(this._contents.localPath(path)), folder);
    const shown = await this._contents.get((drive ? `${drive}:` : '') + local, { content: true }).catch(() => null);
    const entries = (shown?.type === 'directory' ? shown.content : []) as Contents.IModel[];
    return entries
      .filter(entry => entry.type === 'directory' || ending.test(entry.name))
      .map(entry => {
        const isFolder = entry.type === 'directory';
        return {
          label: isFolder ? `${entry.name}/` : entry.name,
          apply: (view: EditorView, _: Completion, from: number, to: number) =>
            // What a picture shows is written next.
            insert(view, from, to, isFolder ? `${entry.name}/` : entry.name, !isFolder && name === 'image' ? '|' : '', !isFolder)
        };
      });
  }

  private _keys(): Completion[] {
    const { _trans: trans } = this;
    const named: [string, string][] = [
      ['echo', trans.__('whether the code is shown')],
      ['code-fold', trans.__('whether the code is folded')],
      ['code-summary', trans.__('what stands on folded code')],
      ['output', trans.__('whether the output is shown')],
      ['warning', trans.__('whether warnings and logs are shown')],
      ['include', trans.__('whether the cell is in the article')],
      ['eval', trans.__('whether the cell is run by nbblog')],
      ['runnable', trans.__('whether readers can run it')],
      ['fig-cap', trans.__('the caption of the picture')],
      ['fig-alt', trans.__('what the picture shows')],
      ['tbl-cap', trans.__('the caption of the table')],
      ['column', trans.__('how wide it is')],
      ['label', trans.__('a name for links to it')]
    ];
    return named.map(([label, detail]) => ({ label, detail, apply: `${label}: ` }));
  }
}

const VALUES: Record<string, string[]> = {
  echo: ['true', 'false'],
  'code-fold': ['true', 'false', 'show'],
  output: ['true', 'false', 'fold'],
  warning: ['true', 'false'],
  include: ['true', 'false'],
  eval: ['true', 'false'],
  runnable: ['true', 'false'],
  column: ['body', 'page', 'screen', 'margin']
};

/** Put text there, then what follows the cursor; the brackets are closed where they are not yet. */
function insert(view: EditorView, from: number, to: number, text: string, behind: string, closes = false): void {
  const rest = view.state.doc.sliceString(to, to + 2);
  const isClosed = rest === ']]';
  const end = closes && !isClosed ? ']]' : '';
  const isDone = closes && !behind;
  view.dispatch({
    changes: { from, to, insert: text + behind + end },
    selection: { anchor: from + text.length + behind.length + (isDone ? 2 : 0) },
    userEvent: 'input.complete'
  });
}

/** Whether the place is within a code block or a code span, where markup is only text. */
function isCode({ state }: CompletionContext, number: number, before: string): boolean {
  let fence = '';
  for (let at = 1; at < number; at++) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(state.doc.line(at).text)?.[1];
    if (mark && !fence) {
      fence = mark;
    } else if (mark && mark[0] === fence[0] && mark.length >= fence.length) {
      fence = '';
    }
  }
  return !!fence || /^(?: {4}|\t)/.test(before) || (before.split('`').length - 1) % 2 === 1;
}

/** Whether all lines above are option lines, too. */
function isAtTop({ state }: CompletionContext, number: number): boolean {
  for (let at = 1; at < number; at++) {
    const { text } = state.doc.line(at);
    if (text.trim() && !/^\s*(?:#|\/\/|--|%%?)\|/.test(text) && !(at === 1 && text.startsWith('%%'))) {
      return false;
    }
  }
  return true;
}
