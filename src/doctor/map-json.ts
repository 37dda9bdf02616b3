export interface JsonPosition {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface JsonMap {
  /** Where the values begin, by their path: `ignore.0.reason`; the root is the empty path. */
  readonly values: ReadonlyMap<string, JsonPosition>;
  /** Where the text stops being JSON; undefined when it is. JSON.parse does not always tell. */
  readonly error: JsonPosition | undefined;
}

/** For messages about what stands in a file that people write. */
export function mapJson(text: string): JsonMap {
  const values = new Map<string, JsonPosition>();
  const token = /[\s]*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|")/gy;
  let at = 0;
  const next = (): string => {
    const match = token.exec(text);
    const found = match?.[1] ?? '';
    at = match === null ? text.length : token.lastIndex - found.length;
    // A failed match would begin again at the start.
    if (match === null) token.lastIndex = text.length;
    return found;
  };
  const peek = (): string => {
    const { lastIndex } = token;
    const found = next();
    token.lastIndex = lastIndex;
    return found;
  };
  const expect = (isRight: boolean): void => {
    if (!isRight) throw new NotJson();
  };
  const value = (path: string): void => {
    const first = next();
    values.set(path, positionAt(text, at));
    const close = first === '{' ? '}' : first === '[' ? ']' : undefined;
    if (close === undefined) {
      expect(isScalar(first));
      return;
    }
    if (peek() === close) {
      next();
      return;
    }
    for (let index = 0; ; index++) {
      let key = String(index);
      if (close === '}') {
        const name = next();
        expect(name.startsWith('"') && isScalar(name));
        key = JSON.parse(name) as string;
        expect(next() === ':');
      }
      value(path === '' ? key : `${path}.${key}`);
      const separator = next();
      if (separator === close) return;
      expect(separator === ',');
    }
  };
  try {
    value('');
    expect(next() === '');
    return { values, error: undefined };
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    return { values, error: positionAt(text, at) };
  }
}

function isScalar(text: string): boolean {
  try {
    return typeof JSON.parse(text) !== 'object' || text === 'null';
  } catch {
    return false;
  }
}

class NotJson extends Error {}

function positionAt(text: string, offset: number): JsonPosition {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
