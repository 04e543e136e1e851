/** Publishing: what would change is shown first, and nothing is sent before it is confirmed. */

import { Dialog, Notification, showDialog, showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { Desk } from './desk';
import { make } from './dom';

interface IPages {
  pages: string[];
  more: number;
  others: number;
}

interface IPlan extends Record<'added' | 'changed' | 'removed', IPages> {
  target: string;
  branch: string;
  posts: number;
  notices: number;
  site: string;
  url: string;
}

/** Build the blog that the folder is in, ask, and publish it. */
export async function publish(desk: Desk, folder: string): Promise<void> {
  const { trans } = desk;
  if (!(await saveOpen(desk))) {
    return;
  }
  const shown = Notification.emit(trans.__('Building the blog…'), 'in-progress', { autoClose: false, progress: 0 });
  try {
    const plan = await desk.ask<IPlan>('plan', folder, {}, (done, of) =>
      Notification.update({ id: shown, message: trans.__('Building the blog: %1 of %2 posts', done, of), progress: done / of })
    );
    if (![plan.added, plan.changed, plan.removed].some(({ pages, others }) => pages.length || others)) {
      finish(shown, trans.__('The published blog is up to date.'), plan.url, trans);
      return;
    }
    if (!(await confirm(plan, trans))) {
      Notification.dismiss(shown);
      return;
    }
    Notification.update({ id: shown, message: trans.__('Publishing…'), progress: 1 });
    const { url } = await desk.ask<{ url: string }>('publish', folder, { site: plan.site });
    finish(shown, trans.__('The blog is published.'), url, trans);
  } catch (reason) {
    Notification.dismiss(shown);
    await showErrorMessage(trans.__('The blog is not published'), reason as Error);
  }
}

/** What is built is what is saved. Whether to go on. */
async function saveOpen({ notebooks, trans }: Desk): Promise<boolean> {
  const unsaved = notebooks?.filter(({ context }) => context.model.dirty && !context.model.readOnly) ?? [];
  if (!unsaved.length) {
    return true;
  }
  const names = unsaved.map(({ context }) => make('li', {}, context.path));
  const asked = await showDialog({
    title: trans.__('Save first?'),
    body: new Widget({
      node: make('div', {}, trans.__('These notebooks have changes that are not saved:'), make('ul', {}, ...names))
    }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.createButton({ label: trans.__('Publish what is saved'), actions: ['without'] }),
      Dialog.okButton({ label: trans.__('Save and go on') })
    ]
  });
  if (asked.button.accept && !asked.button.actions.includes('without')) {
    await Promise.all(unsaved.map(({ context }) => context.save()));
  }
  return asked.button.accept;
}

async function confirm(plan: IPlan, trans: TranslationBundle): Promise<boolean> {
  const asked = await showDialog({
    title: trans.__('Publish the blog?'),
    body: new Widget({ node: writePlan(plan, trans) }),
    buttons: [Dialog.cancelButton(), Dialog.okButton({ label: trans.__('Publish') })]
  });
  return asked.button.accept;
}

function writePlan(plan: IPlan, trans: TranslationBundle): HTMLElement {
  const parts = [
    ['+', trans.__('New pages'), plan.added],
    ['~', trans.__('Changed pages'), plan.changed],
    ['−', trans.__('Pages that go'), plan.removed]
  ] as const;
  const lists = parts
    .filter(([, , { pages, others }]) => pages.length || others)
    .map(([sign, label, { pages, more, others }]) => {
      const lines = pages.map(page => make('li', {}, `${sign} ${page}`));
      if (more) {
        lines.push(make('li', {}, trans._n('and %1 more page', 'and %1 more pages', more)));
      }
      if (others) {
        lines.push(make('li', {}, trans._n('and %1 other file', 'and %1 other files', others)));
      }
      return make('section', {}, make('h3', {}, label), make('ul', {}, ...lines));
    });
  const node = make(
    'div',
    { className: 'nbblog-Plan' },
    make('p', {}, trans.__('To the branch %1 of %2.', plan.branch, plan.target)),
    ...lists
  );
  if (plan.notices) {
    const words = trans._n('%1 thing is to be mended:', '%1 things are to be mended:', plan.notices);
    node.append(make('p', {}, `${words} ${trans.__('“Check Blog” lists them.')}`));
  }
  return node;
}

function finish(id: string, message: string, url: string, trans: TranslationBundle): void {
  const actions = /^https?:\/\//.test(url)
    ? [
        {
          label: url,
          caption: trans.__('Open the blog'),
          displayType: 'link' as const,
          callback: () => void window.open(url, '_blank', 'noopener')
        }
      ]
    : [];
  Notification.update({ id, message, type: 'success', progress: null as never, actions, autoClose: false });
}
