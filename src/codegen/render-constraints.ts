import type { ConstraintKind, NamedConstraint } from './list-constraint-names.js';
import { tableKey } from './table-names.js';
import { docComment, propertyKey, stringLiteral } from './typescript-text.js';

const kinds: readonly { kind: ConstraintKind; name: string; comment: string }[] = [
  {
    kind: 'unique',
    name: 'UniqueConstraint',
    comment:
      'Unique constraints, unique indexes and primary keys by table: what error 23505 names.\nOf a partitioned table the error names the index of the partition, which has a name of its own.',
  },
  {
    kind: 'foreignKey',
    name: 'ForeignKeyConstraint',
    comment: 'Foreign keys, and constraint triggers that stand for one, by table: what error 23503 names.',
  },
  { kind: 'check', name: 'CheckConstraint', comment: 'CHECK constraints by table: what error 23514 names.' },
];

/** The types that are declared here. */
export const constraintTypeNames = kinds.flatMap(({ name }) => [name, `${name}s`]);

/** For each kind an interface from tables to the names of their constraints, and a union of all of them. */
export function renderConstraints(constraints: readonly NamedConstraint[]): readonly string[] {
  return kinds.flatMap(({ kind, name, comment }) => {
    const byTable = new Map<string, string[]>();
    for (const constraint of constraints.filter((one) => one.kind === kind)) {
      const key = tableKey(constraint.schema, constraint.table);
      byTable.set(key, [...(byTable.get(key) ?? []), constraint.name]);
    }
    const members = [...byTable].map(([table, names]) => {
      const literals = names.map(stringLiteral);
      return literals.length === 1
        ? `  ${propertyKey(table)}: ${literals.join('')};\n`
        : `  ${propertyKey(table)}:\n${literals.map((literal) => `    | ${literal}`).join('\n')};\n`;
    });
    const body =
      members.length === 0
        ? `export type ${name}s = Record<string, never>;\n`
        : `export interface ${name}s {\n${members.join('')}}\n`;
    return [docComment(comment) + body, `export type ${name} = ${name}s[keyof ${name}s];\n`];
  });
}
