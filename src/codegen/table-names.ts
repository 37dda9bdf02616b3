import { TypeScriptSerializer } from 'kysely-codegen';

const { singularize = (word: string) => word } = new TypeScriptSerializer({ singularize: true });

/** Words that pluralize turns into ones nobody says: datum, analytic. */
const uncountable = /(?:^|_)(?:data|analytics|statistics|progress)$/;

/** The name of a row's type: user_languages gives UserLanguage, stats.daily_totals gives StatsDailyTotal. */
export function rowTypeName(tableKey: string): string {
  return pascalCase(uncountable.test(tableKey) ? tableKey : singularize(tableKey));
}

/** The name of a column's own type: ChatRoomType for chat_rooms.room_type, UserGender for users.gender. */
export function columnTypeName(tableKey: string, column: string): string {
  const row = rowTypeName(tableKey);
  const own = pascalCase(column);
  const lastWord = /[A-Z][^A-Z]*$/.exec(row)?.[0] ?? '';
  return lastWord !== '' && own !== lastWord && own.startsWith(lastWord)
    ? row + own.slice(lastWord.length)
    : row + own;
}

/** The name of an enum's type: Mood for mood. */
export function enumTypeName(schema: string, name: string): string {
  return pascalCase(tableKey(schema, name));
}

/** The key of a table in `DB`: its name, qualified unless it is in schema public. */
export function tableKey(schema: string, table: string): string {
  return schema === 'public' ? table : `${schema}.${table}`;
}

function pascalCase(name: string): string {
  const words = name.split(/[^\p{L}\p{N}$]+/u).filter((word) => word !== '');
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  return /^\p{L}/u.test(joined) ? joined : `_${joined}`;
}

/** Gives out each name once: a number is added to one that is taken. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  take(name: string): string {
    let unique = name;
    for (let number = 2; this.#taken.has(unique); number += 1) unique = `${name}${number}`;
    this.#taken.add(unique);
    return unique;
  }
}
