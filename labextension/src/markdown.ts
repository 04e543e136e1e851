/**
 * Markdown cells show the pictures that the blog's markup names. What is written here is Markdown and plain HTML, and
 * goes through JupyterLab's own renderer: its sanitizer, and its way to files and attachments.
 */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { MimeModel, RenderedMarkdown } from '@jupyterlab/rendermime';

/** Code in a fence or between backticks, which stays as it is, or a picture. */
const PARTS = /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[`~]*[ \t]*$|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\2(?!`)|\\\[\[|\[\[image:([^\]\n]*(?:\][^\]\n]+)*)\]\]/gm;

export class BlogMarkdown extends RenderedMarkdown {
  render(model: IRenderMime.IMimeModel): Promise<void> {
    const source = model.data[this.mimeType];
    if (typeof source !== 'string' || !source.includes('[[image:')) {
      return super.render(model);
    }
    const data = { ...model.data, [this.mimeType]: showImages(source) };
    const { metadata, trusted } = model;
    return super.render(new MimeModel({ data, metadata, trusted }));
  }
}

/** `[[image:…]]` as the HTML of a picture, outside of code. */
export function showImages(source: string): string {
  return source.replace(PARTS, (whole: string, fence?: string, ticks?: string, inner?: string) =>
    fence || ticks || inner === undefined ? whole : writeImage(inner)
  );
}

function writeImage(inner: string): string {
  const [target = '', ...parts] = inner.split('|').map(part => part.trim());
  const options = new Map<string, string>();
  let alt = '';
  for (const part of parts) {
    const match = /^([a-z-]+)=(.*)$/s.exec(part);
    if (match?.[1]) {
      options.set(match[1], match[2]?.trim() ?? '');
    } else {
      alt ||= part;
    }
  }
  const size = ['width', 'height']
    .map(name => [name, /^\d{1,5}(?:px|%)?$/.exec(options.get(name) ?? '')?.[0]?.replace('px', '')])
    .filter(([, value]) => value)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  const caption = options.get('caption');
  const image = `<img src="${escape(encodeURI(decode(target)))}" alt="${escape(alt)}"${size}>`;
  return caption ? `${image} *${caption.replace(/\*/g, '')}*` : image;
}

function decode(target: string): string {
  try {
    return decodeURI(target);
  } catch {
    return target;
  }
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);
}
