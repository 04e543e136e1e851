/** Changing a cell's text where it differs, so that cursors, undo and collaborators keep the rest. */

import type { ISharedText } from '@jupyter/ydoc';

export function splice(shared: ISharedText, text: string): void {
  const before = shared.getSource();
  const most = Math.min(before.length, text.length);
  let start = 0;
  while (start < most && before[start] === text[start]) {
    start++;
  }
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === text[text.length - 1 - end]) {
    end++;
  }
  if (before !== text) {
    shared.updateSource(start, before.length - end, text.slice(start, text.length - end));
  }
}
