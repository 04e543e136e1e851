/** What the server extension is asked, and what it answers. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** Something about the post that its author may want to change. */
export interface INotice {
  code: string;
  severity: 'info' | 'warning' | 'error';
  detail: string;
  advice: string;
  /** The cell's number from 1, its id, and a line of it from 1, where known. */
  number: number | null;
  cell: string | null;
  line: number | null;
  fix: IFix | null;
}

/** `old`, which stands once in the notice's line or is one of the cell's tags, becomes `new`. */
export interface IFix {
  old: string;
  new: string;
  /** Where in `new` the author goes on writing. */
  cursor: number | null;
}

/** What changed of an article; `null` is what did not. */
export interface IAnswer {
  number: number;
  /** The head of the document that the page is, where it is another than before. */
  document: string | null;
  /** What that document may run: with another policy it must be loaded anew. */
  policy: string;
  styles: string | null;
  top: string | null;
  bottom: string | null;
  order: string[] | null;
  cells: Record<string, string>;
  /** Media type and base64 by name. */
  files: Record<string, [string, string]>;
  /** Fonts, libraries and frames that lie beside the page. */
  libraries: string[] | null;
  /** The folder that the page names for both, as it stands in the page. */
  folder: string;
  notices: INotice[];
}

/** A cell by the key of its content; with the cell where the server does not have it. */
export type Cell = string | { key: string; cell: unknown };

export interface IRequest {
  have: number;
  notebook: { nbformat_minor: number; metadata: unknown; cells: Cell[] };
}

/** The server answered, but not with an article. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string
  ) {
    super(message);
  }
}

/** The server extension. */
export class Server {
  constructor(private _settings: ServerConnection.ISettings) {}

  /** The version of nbblog that the server has. Rejects with a `Refusal` where there is none. */
  async hello(): Promise<string> {
    const response = await this._ask('hello');
    return ((await response.json()) as { version: string }).version;
  }

  /** What changed of the article of the notebook at `path`. */
  async preview(
    path: string,
    session: string,
    request: IRequest
  ): Promise<IAnswer> {
    const query = URLExt.objectToQueryString({ path, session });
    const response = await this._ask(`preview${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(request)
    });
    return (await response.json()) as IAnswer;
  }

  /** Do something for the blog that the folder at `path` is in, and give the answer. Rejects with the reason. */
  async errand<T>(
    task: string,
    path: string,
    wishes: object = {},
    tell: (done: number, of: number) => void = () => undefined
  ): Promise<T> {
    const response = await this._ask(`blog/${task}${URLExt.objectToQueryString({ path })}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(wishes)
    });
    for await (const line of readLines(response)) {
      const said = JSON.parse(line) as { done: number; of: number } | { answer: T } | { error: string };
      if ('answer' in said) {
        return said.answer;
      }
      if ('error' in said) {
        throw new Error(said.error);
      }
      tell(said.done, said.of);
    }
    throw new Error('The server gave no answer.');
  }

  /** A file of a library; the browser keeps it. */
  async library(name: string): Promise<Blob> {
    const response = await this._ask(`library/${encodeURIComponent(name)}`, {
      cache: 'default'
    });
    return response.blob();
  }

  private async _ask(address: string, init: RequestInit = {}): Promise<Response> {
    const url = this._settings.baseUrl + 'nbblog/api/' + address;
    const response = await ServerConnection.makeRequest(url, init, this._settings);
    if (!response.ok) {
      const body = await response.json().catch(() => ({}));
      throw new Refusal(response.status, String(body?.message || response.statusText));
    }
    return response;
  }
}

/** The lines of an answer as they come. */
async function* readLines(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield line;
    }
  }
}
