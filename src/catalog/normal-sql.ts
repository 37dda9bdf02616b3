import { quoteIdentifier } from '../database/identifier.js';
import { catalogChanged } from './catalog-changed.js';
import { reservedWords } from './reserved-words.js';

/** String literal, quoted identifier, dollar-quoted body, or anything else: what SQL text is made of. */
const tokenPattern = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([a-z]*)\$[^]*?\$\1\$|[^'"$]+|\$/gi;

export function splitTokens(sql: string): readonly string[] {
  return sql.match(tokenPattern) ?? [];
}

/** An identifier with quotes only where it needs them, by the same rule whatever the server's version. */
export function formatIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name) ? name : quoteIdentifier(name);
}

/**
 * The normal form of SQL text that the server wrote under `quote_all_identifiers`: key words in lower case,
 * quotes only where an identifier needs them. Literals and the bodies of functions stay as they are.
 */
export function normalSql(sql: string): string {
  const tokens = splitTokens(sql);
  const normal = tokens.map((token, index) =>
    normalToken(token, tokens.slice(index + 1, index + 3).join('')),
  );
  const body = normal.findIndex((token) => token.startsWith('$'));
  const end = body === -1 ? normal.length : body;
  return plainTextConstants(normal.slice(0, end).join('')) + normal.slice(end).join('');
}

const constant = `'(?:[^']|'')*'`;
const castArray = new RegExp(
  `\\(array\\[(${constant}::character varying(?:, ${constant}::character varying)*)\\]\\)::text\\[\\]`,
  'g',
);
const castConstant = new RegExp(`\\((${constant})::character varying\\)::text`, 'g');
const varcharConstant = new RegExp(`(${constant})::character varying`, 'g');

/**
 * `v in ('A', 'B')` on a varchar is printed as an array cast to text[]; that text, run again, as an array of
 * constants each cast to text; only `array['A'::text, 'B'::text]`, which means the same, is printed as it is.
 * Without this a restored dump would differ from its original.
 */
function plainTextConstants(sql: string): string {
  return sql
    .replace(castArray, (_, elements: string) => `array[${elements.replace(varcharConstant, '$1::text')}]`)
    .replace(castConstant, '$1::text');
}

function normalToken(token: string, following: string): string {
  switch (token[0]) {
    case '"':
      return formatIdentifier(token.slice(1, -1).replaceAll('""', '"'));
    case "'":
      // The text of a regclass constant is itself a quoted name: nextval('"public"."a_seq"'::"regclass").
      return /^::"?reg[a-z]+/.test(following) ? `'${normalSql(token.slice(1, -1))}'` : token;
    case '$':
      return token;
    default:
      // Under quote_all_identifiers no name is left outside of quotes, only key words and numbers.
      return token.toLowerCase();
  }
}

export function normalSqlOrNull(sql: string | null): string | null {
  return sql === null ? null : normalSql(sql);
}

/**
 * The normal form of what the server says of an object: its definition, or its name through regclass and the like.
 * These look at the present, not at the snapshot, and give null or a bare oid for what was dropped since.
 *
 * @throws OperationError DATABASE_ERROR
 */
export function presentSql(sql: string | null): string {
  // Under quote_all_identifiers no name is digits only.
  if (sql !== null && !/^\d+$/.test(sql)) return normalSql(sql);
  throw catalogChanged();
}
