/**
 * Markdown cells show the blog's markup as far as JupyterLab can: pictures, sound and films, alerts, links, the head of
 * the post. What is written here is Markdown and plain HTML, and goes through JupyterLab's own renderer: its sanitizer,
 * and its way to files and attachments.
 */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { MimeModel, RenderedMarkdown } from '@jupyterlab/rendermime';

/** Code in a fence or between backticks, which stays as it is; a construct in brackets; the first line of an alert. */
const PARTS =
  /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[`~]*[ \t]*$|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\2(?!`)|\\\[\[|\[\[(image|video|audio|file|embed|post):([^\]\n]*(?:\][^\]\n]+)*)\]\]|^( {0,3}>[ \t]*)\[!(note|tip|important|warning|caution)\][+-]?[ \t]*([^\n]*)$/gim;
const HEAD = /^---[ \t]*\n(?=[\w-]+[ \t]*:)([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?=\n|$)/;
const HINT = /\[\[|\[!|^---/;

export class BlogMarkdown extends RenderedMarkdown {
  render(model: IRenderMime.IMimeModel): Promise<void> {
    const source = model.data[this.mimeType];
    if (typeof source !== 'string' || !HINT.test(source)) {
      return super.render(model);
    }
    const data = { ...model.data, [this.mimeType]: showMarkup(source) };
    const { metadata, trusted } = model;
    return super.render(new MimeModel({ data, metadata, trusted }));
  }
}

/** The blog's markup, outside of code, as Markdown and HTML that JupyterLab knows. */
export function showMarkup(source: string): string {
  return source
    .replace(HEAD, (_, yaml: string) => `\`\`\`yaml\n${yaml}\n\`\`\`\n`)
    .replace(PARTS, (whole: string, ...found: (string | undefined)[]) => {
      const [fence, ticks, name, inner, quote, kind, title] = found;
      if (fence || ticks) {
        return whole;
      }
      if (kind) {
        const word = kind[0]!.toUpperCase() + kind.slice(1).toLowerCase();
        return `${quote}**${title || word}**\n>`;
      }
      return name && inner !== undefined ? write(name.toLowerCase(), inner) : whole;
    });
}

function write(name: string, inner: string): string {
  const [target = '', text = ''] = inner.split('|').map(part => part.trim());
  const shown = text && !/^[a-z-]+=/.test(text) ? text : target;
  switch (name) {
    case 'image':
      return writeImage(inner);
    case 'video':
    case 'audio':
      return `<${name} controls src="${address(target)}" title="${escape(shown)}"></${name}>`;
    case 'post':
      // Where a post is, only the blog knows.
      return `*${escape(shown)}*`;
    default:
      return `<a href="${address(target)}">${escape(shown)}</a>`;
  }
}

function address(target: string): string {
  return escape(encodeURI(decode(target)));
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
  const image = `<img src="${address(target)}" alt="${escape(alt)}"${size}>`;
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
