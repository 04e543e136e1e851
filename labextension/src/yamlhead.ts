/** A post's head in YAML: which values stand in it, and the same text with other values. Comments and what is not known
 *  here stay. This module is loaded when a form is first shown: the parser of YAML is larger than all the rest. */

import { isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';

/** A value that a form can show, or `undefined` for one of another kind. */
export type Value = string | boolean | string[] | undefined;

/** Other names of a field. */
const SYNONYMS: Record<string, string[]> = {
  author: ['authors', 'by'],
  categories: ['tags', 'category'],
  description: ['summary'],
  image: ['thumbnail', 'previewimage', 'preview-image']
};

export class YamlHead {
  /** Throws an error whose message is one line for a person. */
  constructor(text: string) {
    // Indented lists and others are both common: which one it is stays.
    this._isIndented = !/^[\w-]+:[ \t]*(?:#.*)?\n- /m.test(text);
    this._document = parseDocument(text, { keepSourceTokens: true });
    const [error] = this._document.errors;
    if (error) {
      throw new Error(error.message.split('\n')[0]?.replace(/:$/, ''));
    }
    if (this._document.contents !== null && !isMap(this._document.contents)) {
      throw new Error('The front matter is not a list of fields.');
    }
  }

  has(field: string): boolean {
    return this._document.has(this._key(field));
  }

  /** `null` where the field is not there or empty. */
  get(field: string): Value | null {
    const node = this._document.get(this._key(field), true);
    if (node === undefined || node === null) {
      return null;
    }
    if (isSeq(node)) {
      const words = node.items.map(item => (isScalar(item) ? item.value : item));
      return words.every(word => typeof word !== 'object') ? words.map(String) : undefined;
    }
    if (!isScalar(node)) {
      return undefined;
    }
    return node.value === null || typeof node.value === 'boolean' ? node.value : (node.source ?? String(node.value));
  }

  /** The whole text with another value; an empty one takes the field out. */
  with(field: string, value: string | boolean | string[]): string {
    const key = this._key(field);
    const old = this._document.get(key, true);
    if (value === '' || value === false || (Array.isArray(value) && !value.length)) {
      this._document.delete(key);
    } else if (isScalar(old) && !Array.isArray(value)) {
      old.value = value;
      delete (old as { source?: string }).source;
      quote(old);
    } else if (Array.isArray(value)) {
      const node = this._document.createNode(value, { flow: !isSeq(old) || old.flow === true });
      node.items.forEach(quote);
      if (isSeq(old)) {
        // A word that stays keeps what is said about it.
        const kept = new Map(old.items.map(item => [isScalar(item) ? String(item.value) : '', item]));
        node.items = node.items.map(item => (kept.get(String((item as { value: unknown }).value)) ?? item) as never);
        node.comment = old.comment;
        node.commentBefore = old.commentBefore;
      }
      this._document.set(key, node);
    } else {
      const node = this._document.createNode(value);
      quote(node);
      this._document.set(key, node);
    }
    const map = this._document.contents;
    if (isMap(map) && !map.items.length) {
      return '';
    }
    const text = this._document.toString({ lineWidth: 0, indentSeq: this._isIndented, flowCollectionPadding: false });
    return text.replace(/\n$/, '');
  }

  private _key(field: string): string {
    const names = [field, ...(SYNONYMS[field] ?? [])];
    return names.find(name => this._document.has(name)) ?? field;
  }

  private _document: Document.Parsed;
  private _isIndented: boolean;
}

/** What older readers of YAML take for a truth value, nothing, or minutes of the day. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null|~|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+)$/i;

function quote(node: unknown): void {
  if (isScalar(node) && typeof node.value === 'string' && AMBIGUOUS.test(node.value)) {
    node.type = 'QUOTE_DOUBLE';
  }
}
