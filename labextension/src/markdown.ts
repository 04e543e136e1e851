/**
 * Markdown cells show the blog's markup as far as JupyterLab can: pictures and galleries, sound and films, alerts, links
 * to files and to other posts, the head of the post. What is written here is Markdown and plain HTML, and goes through JupyterLab's own renderer: its sanitizer,
 * and its way to files and attachments.
 */

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { MimeModel, RenderedMarkdown } from '@jupyterlab/rendermime';

/**
 * Code in a fence or between backticks, which stays as it is; lines of nothing but pictures, which are a gallery; a
 * construct in brackets; the first line of an alert.
 */
const PARTS =
  /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^\1[`~]*[ \t]*$|$(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\2(?!`)|\\\[\[|((?:^ {0,3}\[\[image:[^\n]*\]\][ \t]*(?:\n|$(?![\s\S]))){2,})|\[\[(image|video|audio|file|embed|post):([^\]\n]*(?:\][^\]\n]+)*)\]\]|^( {0,3}>[ \t]*)\[!(note|tip|important|warning|caution)\][+-]?[ \t]*([^\n]*)$/gim;
const HEAD = /^---[ \t]*\n(?=[\w-]+[ \t]*:)([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?=\n|$)/;
const HINT = /\[\[|\[!|^---/;

/** Where another post's notebook is, relative to the file whose path is given, and what the post is called. */
export type FindPosts = (path: string) => Promise<(slug: string) => ILink | undefined>;

interface ILink {
  href: string;
  title: string;
}

export class BlogMarkdown extends RenderedMarkdown {
  constructor(
    options: IRenderMime.IRendererOptions,
    private _findPosts: FindPosts
  ) {
    super(options);
  }

  async render(model: IRenderMime.IMimeModel): Promise<void> {
    const source = model.data[this.mimeType];
    const turn = ++this._turn;
    if (typeof source !== 'string' || !HINT.test(source)) {
      return super.render(model);
    }
    await this._show(model, source, () => undefined);
    if (source.includes('[[post:')) {
      // The words first: nobody waits for the server.
      void this._link(model, source, turn);
    }
  }

  private async _link(model: IRenderMime.IMimeModel, source: string, turn: number): Promise<void> {
    // A resolver says where a file beside the notebook would be, and so where the notebook is.
    const beside = await this.resolver?.resolveUrl('post');
    const find = beside && (await this._findPosts(decode(beside)));
    if (find && turn === this._turn && !this.isDisposed) {
      await this._show(model, source, find);
    }
  }

  private _show(
    { data, metadata, trusted }: IRenderMime.IMimeModel,
    source: string,
    find: (slug: string) => ILink | undefined
  ): Promise<void> {
    const shown = { ...data, [this.mimeType]: showMarkup(source, find) };
    return super.render(new MimeModel({ data: shown, metadata, trusted }));
  }

  private _turn = 0;
}

/** The blog's markup, outside of code, as Markdown and HTML that JupyterLab knows. */
function showMarkup(source: string, find: (slug: string) => ILink | undefined): string {
  return source
    .replace(HEAD, (_, yaml: string) => `\`\`\`yaml\n${yaml}\n\`\`\`\n`)
    .replace(PARTS, (whole: string, ...found: (string | undefined)[]) => {
      const [fence, ticks, gallery, name, inner, quote, kind, title] = found;
      if (fence || ticks) {
        return whole;
      }
      if (gallery) {
        return writeGallery(gallery);
      }
      if (kind) {
        const word = kind[0]!.toUpperCase() + kind.slice(1).toLowerCase();
        return `${quote}**${title || word}**\n>`;
      }
      return name && inner !== undefined ? write(name.toLowerCase(), inner, find) : whole;
    });
}

function write(name: string, inner: string, find: (slug: string) => ILink | undefined): string {
  const [target = '', text = ''] = inner.split('|').map(part => part.trim());
  const shown = text && !/^[a-z-]+=/.test(text) ? text : target;
  switch (name) {
    case 'image':
      return writeImage(inner);
    case 'video':
    case 'audio':
      return `<${name} controls src="${address(target)}" title="${escape(shown)}"></${name}>`;
    case 'post': {
      const post = find(target.split('#')[0]!.toLowerCase());
      return post ? `<a href="${address(post.href)}">${escape(text || post.title)}</a>` : `*${escape(shown)}*`;
    }
    default:
      return `<a href="${address(target)}">${escape(shown)}</a>`;
  }
}

function address(target: string): string {
  return escape(encodeURI(decode(target)));
}

/** Side by side, as many as JupyterLab's width bears; what is said below them stands below all. */
function writeGallery(lines: string): string {
  const pictures = lines.trim().split('\n').map(line => /\[\[image:(.*)\]\]/i.exec(line)?.[1] ?? '');
  const width = pictures.length === 2 || pictures.length === 4 ? '49%' : '32%';
  const captions = pictures.map(inner => /\|\s*caption=([^|]*)/.exec(inner)?.[1]?.trim()).filter(Boolean);
  const images = pictures.map(inner => writeImage(inner.replace(/\|\s*(?:caption|width|height)=[^|]*/g, ''), width));
  const below = captions.length ? `<br>*${captions.join(' · ').replace(/\*/g, '')}*` : '';
  return `${images.join(' ')}${below}\n`;
}

function writeImage(inner: string, width = ''): string {
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
  const place = size || !width ? size : ` width="${width}"`;
  const image = `<img src="${address(target)}" alt="${escape(alt)}"${place}>`;
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
