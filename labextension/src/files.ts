/** What an article brings along: pictures and frames of its own, libraries and fonts that the server has. */

import type { IAnswer, Server } from './server';
import { readUrl } from './urls';

export class Files {
  constructor(private _server: Server) {}

  /** The answer's files, and those of libraries that the page has not had yet. */
  async collect(answer: IAnswer): Promise<Record<string, Blob>> {
    const files: Record<string, Blob> = {};
    for (const [name, [type, base64]] of Object.entries(answer.files)) {
      const bytes = Uint8Array.from(atob(base64), sign => sign.charCodeAt(0));
      files[name] = new Blob([bytes], { type });
    }
    const wanted = (answer.libraries ?? []).filter(name => !this._libraries.has(name));
    await Promise.all(
      wanted.map(async name => {
        const blob = await this._server.library(name);
        this._libraries.add(name);
        if (name.endsWith('.woff2')) {
          this._fonts.set(name, await readUrl(blob));
        } else {
          files[name] = blob;
        }
      })
    );
    return files;
  }

  /** A style sheet with the fonts in it: a document without an origin loads none from elsewhere. */
  withFonts(styles: string, folder: string): string {
    const [first = '', ...rest] = styles.split(`${folder}/`);
    const filled = rest.map(piece => {
      const name = /^[\w.-]*/.exec(piece)?.[0] ?? '';
      return (this._fonts.get(name) ?? 'data:,') + piece.slice(name.length);
    });
    return first + filled.join('');
  }

  private _libraries = new Set<string>();
  private _fonts = new Map<string, string>();
}
