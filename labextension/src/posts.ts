/** What the blog's other posts are called, and the words that they use. */

import type { Desk } from './desk';

/** A post by its head. */
export interface IPost {
  /** Its notebook, as the server's contents name it. */
  path: string;
  slug: string;
  title: string;
  draft: boolean;
  /** YYYY-MM-DD. */
  date: string | null;
  categories: string[];
  authors: string[];
  series: string | null;
}

export interface IPosts {
  /** The blog's folder as the server's contents name it (`.` is the top one); else they are a folder's notebooks. */
  root: string | null;
  posts: IPost[];
}

/** Milliseconds for which the server is not asked again. */
const FRESH = 20_000;

export class Posts {
  constructor(private _desk: Desk) {}

  /** All posts of the blog that the folder is in, newest first; none where they cannot be had. */
  async of(folder: string): Promise<IPost[]> {
    const known = this._known.get(folder);
    if (known && performance.now() - known.asked < FRESH) {
      return known.posts;
    }
    const posts = this._desk
      .ask<IPosts>('posts', folder)
      .then(answer => answer.posts)
      .catch(() => []);
    this._known.set(folder, { asked: performance.now(), posts });
    return posts;
  }

  private _known = new Map<string, { asked: number; posts: Promise<IPost[]> }>();
}

/** The words, the most frequent first. */
export function rank(words: Iterable<string>): string[] {
  const counts = new Map<string, number>();
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a.localeCompare(b));
}
