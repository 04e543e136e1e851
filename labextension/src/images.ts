/** A picture that is pasted or dropped into a markdown cell becomes a file beside the notebook, and the blog's markup. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { Cell } from '@jupyterlab/cells';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { readUrl } from './urls';

/** The pictures that a page can have, and how their files end. */
const KINDS: Record<string, string> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'image/avif': '.avif',
  'image/svg+xml': '.svg'
};

/** What browsers call a picture that is no file. */
const NAMELESS = /^(?:image|unknown|clipboard.*|blob|pasted.*)?$/i;

export const images: JupyterFrontEndPlugin<void> = {
  id: 'nbblog:images',
  description: 'Pictures that are pasted into markdown cells become files beside the notebook.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('nbblog');
    let isOn = true;
    void registry
      ?.load('nbblog:plugin')
      .then(settings => {
        const read = (): void => {
          isOn = settings.composite.images !== 'attachment';
        };
        settings.changed.connect(read);
        read();
      })
      .catch(() => undefined);
    const watch = (panel: NotebookPanel): void => {
      const take = (event: Event): void => {
        const found = isOn ? findPictures(panel, event) : null;
        if (found) {
          event.preventDefault();
          event.stopPropagation();
          if (event.type !== 'dragover') {
            const place = new Place(found.cell, event);
            void addPictures(panel, app.serviceManager.contents, found.files, place, trans);
          }
        }
      };
      // Before JupyterLab itself, which would put the picture into the notebook.
      const kinds = ['paste', 'drop', 'dragover'];
      kinds.forEach(kind => panel.content.node.addEventListener(kind, take, { capture: true }));
      panel.disposed.connect(() =>
        kinds.forEach(kind => panel.content.node.removeEventListener(kind, take, { capture: true }))
      );
    };
    notebooks.forEach(watch);
    notebooks.widgetAdded.connect((_, panel) => watch(panel));
  }
};

/** The pictures that come with an event, and the markdown cell that they come to. */
function findPictures(panel: NotebookPanel, event: Event): { cell: Cell; files: File[] } | null {
  const transfer = event instanceof ClipboardEvent ? event.clipboardData : (event as DragEvent).dataTransfer;
  const node = (event.target as Element).closest('.jp-MarkdownCell');
  const cell = node && panel.content.widgets.find(one => one.node === node);
  if (!transfer || !cell || cell.model.getMetadata('editable') === false) {
    return null;
  }
  const items = [...transfer.items].filter(({ kind, type }) => kind === 'file' && KINDS[type]);
  const files = items.map(item => item.getAsFile()).filter(file => file !== null);
  // Text that is copied in an office program comes with a picture of itself.
  const isText = event.type === 'paste' && transfer.types.includes('text/plain');
  return !items.length || isText ? null : { cell, files };
}

/** Where in a cell's source something is to be put. */
class Place {
  constructor(
    private _cell: Cell,
    event: Event
  ) {
    const { editor } = _cell;
    const isInEditor = editor && (event.target as Element).closest('.cm-editor');
    let position = isInEditor ? editor.getCursorPosition() : null;
    if (isInEditor && event instanceof DragEvent) {
      const { clientX: x, clientY: y } = event;
      position = editor.getPositionForCoordinate({ left: x, top: y, right: x, bottom: y, x, y, width: 0, height: 0 } as never);
    }
    this._offset = position && editor ? editor.getOffsetAt(position) : _cell.model.sharedModel.getSource().length;
  }

  /** Put a text there, as a paragraph of its own. */
  write(text: string): void {
    const shared = this._cell.model.sharedModel;
    const source = shared.getSource();
    const at = Math.min(this._offset, source.length);
    const [before, after] = [source.slice(0, at), source.slice(at)];
    const start = !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
    const end = !after || after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n';
    shared.updateSource(at, at, start + text + end);
    this._offset = at + start.length + text.length;
    const { editor } = this._cell;
    const position = editor?.getPositionAt(this._offset);
    if (editor && position) {
      editor.setCursorPosition(position);
      editor.focus();
    }
  }

  private _offset: number;
}

async function addPictures(
  panel: NotebookPanel,
  contents: Contents.IManager,
  files: File[],
  place: Place,
  trans: TranslationBundle
): Promise<void> {
  for (const file of files) {
    const alt = await askAlt(file, trans);
    if (alt === null) {
      return;
    }
    try {
      place.write(writeMarkup(await save(panel.context.path, contents, file, alt), alt));
    } catch (reason) {
      await showErrorMessage(trans.__('The picture cannot be saved'), reason as Error);
      return;
    }
  }
}

/** What the picture shows, or `null` where it is not wanted after all. */
async function askAlt(file: File, trans: TranslationBundle): Promise<string | null> {
  const asked = await InputDialog.getText({
    title: trans.__('A picture beside the notebook'),
    label: trans.__('What does %1 show? Readers who do not see it are told this.', file.name),
    okLabel: trans.__('Insert')
  });
  return asked.button.accept ? (asked.value ?? '').replace(/\s+/g, ' ').trim() : null;
}

/** Save it beside the notebook, and give its name there. */
async function save(notebook: string, contents: Contents.IManager, file: File, alt: string): Promise<string> {
  const drive = contents.driveName(notebook);
  const folder = PathExt.dirname(contents.localPath(notebook));
  const place = (name: string): string => (drive ? `${drive}:` : '') + PathExt.join(folder, name);
  const { content } = (await contents.get(place(''))) as { content: Contents.IModel[] };
  const given = file.name.replace(/\.\w+$/, '');
  const name = freeName(
    safeName(NAMELESS.test(given) ? alt : given),
    KINDS[file.type] ?? '',
    new Set(content.map(one => one.name.toLowerCase()))
  );
  const base64 = (await readUrl(file)).replace(/^.*?,/, '');
  await contents.save(place(name), { type: 'file', format: 'base64', name, content: base64 });
  return name;
}

/** A name that is the same in every file system and needs no escapes in an address. */
export function safeName(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, 60).replace(/-+$/, '') || 'picture';
}

function freeName(stem: string, ending: string, taken: Set<string>): string {
  let name = stem + ending;
  for (let number = 2; taken.has(name); number++) {
    name = `${stem}-${number}${ending}`;
  }
  return name;
}

export function writeMarkup(name: string, alt: string): string {
  const words = alt.replace(/[|[\]]/g, '\\$&');
  return alt ? `[[image:${name}|${/^[A-Za-z-]+\s*=/.test(alt) ? 'alt=' : ''}${words}]]` : `[[image:${name}]]`;
}
