/** The tools above the article: how wide the window is that readers have, and which colours. */

import type { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon, ToolbarButton, type LabIcon } from '@jupyterlab/ui-components';
import { desktopIcon, phoneIcon, schemeIcon, tabletIcon } from './icons';
import type { ISettings, Preview } from './preview';

export function addTools(
  widget: MainAreaWidget<Preview>,
  trans: TranslationBundle,
  set: (change: Partial<ISettings>) => void
): void {
  const { toolbar, content } = widget;
  const widths: [ISettings['width'], LabIcon, string][] = [
    ['desktop', desktopIcon, trans.__('As on a wide screen')],
    ['tablet', tabletIcon, trans.__('As on a tablet')],
    ['phone', phoneIcon, trans.__('As on a phone')]
  ];
  const buttons = widths.map(([width, icon, tooltip]) => {
    const button = new ToolbarButton({
      icon,
      tooltip,
      onClick: () => {
        set({ width: content.settings.width === width ? 'panel' : width });
        press();
      }
    });
    toolbar.addItem(width, button);
    return button;
  });
  const press = (): void =>
    widths.forEach(([width], index) => {
      const button = buttons[index];
      if (button) {
        button.pressed = content.settings.width === width;
      }
    });
  press();
  toolbar.addItem(
    'scheme',
    new ToolbarButton({
      icon: schemeIcon,
      tooltip: trans.__('Light or dark'),
      onClick: () => set({ scheme: content.scheme === 'dark' ? 'light' : 'dark' })
    })
  );
  toolbar.addItem(
    'refresh',
    new ToolbarButton({
      icon: refreshIcon,
      tooltip: trans.__('Render the whole article anew'),
      onClick: () => content.reload()
    })
  );
}
