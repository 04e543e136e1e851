/** The option lines at the top of a code cell, `#| key: value`: read, and written one at a time; all others stay. */

/** How comments begin where it is not with `#`. */
const MARKS: [string, RegExp][] = [
  ['//', /^(?:c|c\+\+|cpp|csharp|c#|dart|f#|fsharp|go|groovy|java|javascript|js|kotlin|php|rust|scala|swift|typescript|ts)$/],
  ['--', /^(?:ada|elm|haskell|lua|sql)$/],
  ['%', /^(?:erlang|latex|matlab|octave|prolog|tex)$/]
];

const LINE = /^[ \t]*(?:#|\/\/|--|%%?)[ \t]*\|[ \t]?(.*)$/;
const ENTRY = /^([A-Za-z][\w.-]*)[ \t]*:[ \t]*(.*)$/;

interface ILine {
  key: string;
  value: string;
  /** Its lines in the cell, counted from 0; the last one is not among them. */
  start: number;
  end: number;
}

export class OptionLines {
  constructor(
    source: string,
    language: string
  ) {
    this._mark = MARKS.find(([, names]) => names.test(language.toLowerCase()))?.[0] ?? '#';
    this._lines = source.split('\n');
    this._top = this._lines[0]?.startsWith('%%') && !this._lines[0].startsWith('%%|') ? 1 : 0;
    this._end = this._top;
    for (let at = this._top; at < this._lines.length; at++) {
      const found = LINE.exec(this._lines[at]!);
      if (!found) {
        if (this._lines[at]!.trim()) {
          break;
        }
        continue;
      }
      this._end = at + 1;
      const entry = ENTRY.exec(found[1]!);
      const last = this._found[this._found.length - 1];
      if (entry) {
        this._found.push({ key: entry[1]!.toLowerCase().replace(/_/g, '-'), value: entry[2]!, start: at, end: at + 1 });
      } else if (last && /^(?:[ \t]|- |$)/.test(found[1]!)) {
        last.value += `\n${found[1]}`;
        last.end = at + 1;
      }
    }
  }

  /** The value as one reads it, or `null` where there is none; `undefined` where it is more than a line can show. */
  get(key: string): string | null | undefined {
    const found = this._found.find(line => line.key === key);
    if (!found) {
      return null;
    }
    const value = found.value.trim();
    if (/\n|^[[{|>&*!]/.test(value)) {
      return undefined;
    }
    const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')$/.exec(value);
    if (quoted?.[1] !== undefined) {
      try {
        return JSON.parse(value) as string;
      } catch {
        return undefined;
      }
    }
    return quoted ? quoted[2]!.replace(/''/g, "'") : value.replace(/[ \t]+#.*$/, '');
  }

  /** The cell's text with another value; without one, `null`, the line goes. */
  with(key: string, value: string | null): string {
    const found = this._found.find(line => line.key === key);
    const line = value === null ? [] : [`${this._mark}| ${key}: ${write(value)}`];
    const lines = [...this._lines];
    if (found) {
      lines.splice(found.start, found.end - found.start, ...line);
    } else {
      lines.splice(this._end, 0, ...line);
    }
    return lines.join('\n');
  }

  private _mark: string;
  private _lines: string[];
  private _top: number;
  private _end: number;
  private _found: ILine[] = [];
}

/** A value in YAML, with quotes where it would be read as something else. */
function write(value: string): string {
  const isWord = /^(?:true|false|[a-z-]+)$/.test(value) && !/^(?:y|n|yes|no|on|off|null)$/.test(value);
  const isPlain = /^[\p{L}(][^#:"\\[\]{}\n]*$/u.test(value) && !/\s$/.test(value) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isWord || isPlain ? value : JSON.stringify(value);
}
