import { parse, type Node, type RangeVar, type SqlError } from 'libpg-query';
import { indexOfCharacter } from './source-position.js';

export interface RelationName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** How a statement may run. */
export type StatementKind =
  /** What PostgreSQL runs inside a transaction block. */
  | { readonly type: 'transactional' }
  | {
      readonly type: 'create-index-concurrently';
      readonly command: string;
      readonly relation: RelationName;
      readonly index: string | undefined;
    }
  /** Refused inside a transaction block: VACUUM, REINDEX CONCURRENTLY, ALTER SYSTEM, … */
  | { readonly type: 'non-transactional'; readonly command: string }
  | { readonly type: 'copy-from-stdin'; readonly command: string };

/** Reads one statement with PostgreSQL's own parser. */
export async function parseStatement(
  text: string,
): Promise<
  | { readonly kind: StatementKind; readonly error?: undefined }
  | { readonly kind?: undefined; readonly error: { readonly message: string; readonly index: number } }
> {
  try {
    const { stmts = [] } = await parse(text);
    const [first] = stmts;
    return { kind: first?.stmt === undefined ? transactional : kindOf(first.stmt) };
  } catch (error) {
    const { message, sqlDetails } = error as SqlError;
    return { error: { message, index: indexOfCharacter(text, sqlDetails?.cursorPosition ?? 0) } };
  }
}

const transactional: StatementKind = { type: 'transactional' };

function kindOf(stmt: Node): StatementKind {
  if ('IndexStmt' in stmt && stmt.IndexStmt.concurrent === true) {
    const { relation, idxname } = stmt.IndexStmt;
    return {
      type: 'create-index-concurrently',
      command: 'CREATE INDEX CONCURRENTLY',
      relation: { schema: relation?.schemaname, name: relation?.relname ?? '' },
      index: idxname,
    };
  }
  if ('CopyStmt' in stmt && stmt.CopyStmt.is_from === true && stmt.CopyStmt.filename === undefined) {
    return { type: 'copy-from-stdin', command: 'COPY FROM STDIN' };
  }
  const command = nonTransactionalCommand(stmt);
  return command === undefined ? transactional : { type: 'non-transactional', command };
}

function nonTransactionalCommand(stmt: Node): string | undefined {
  if ('DropStmt' in stmt && stmt.DropStmt.concurrent === true) return 'DROP INDEX CONCURRENTLY';
  if ('ReindexStmt' in stmt) {
    const { kind, params = [] } = stmt.ReindexStmt;
    const concurrently = params.some(
      (param) => 'DefElem' in param && param.DefElem.defname === 'concurrently',
    );
    if (concurrently) return 'REINDEX CONCURRENTLY';
    return kind === 'REINDEX_OBJECT_TABLE' || kind === 'REINDEX_OBJECT_INDEX'
      ? undefined
      : 'REINDEX of more than one table';
  }
  if ('AlterTableStmt' in stmt) {
    const detaches = (stmt.AlterTableStmt.cmds ?? []).some((command) => {
      const def = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
      return def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true;
    });
    return detaches ? 'DETACH PARTITION CONCURRENTLY' : undefined;
  }
  if ('VacuumStmt' in stmt && stmt.VacuumStmt.is_vacuumcmd === true) return 'VACUUM';
  if ('ClusterStmt' in stmt && stmt.ClusterStmt.relation === undefined) return 'CLUSTER of all tables';
  if ('AlterSystemStmt' in stmt) return 'ALTER SYSTEM';
  if ('CreatedbStmt' in stmt) return 'CREATE DATABASE';
  if ('DropdbStmt' in stmt) return 'DROP DATABASE';
  if ('CreateTableSpaceStmt' in stmt) return 'CREATE TABLESPACE';
  if ('DropTableSpaceStmt' in stmt) return 'DROP TABLESPACE';
  if ('CreateSubscriptionStmt' in stmt) return 'CREATE SUBSCRIPTION';
  if ('DropSubscriptionStmt' in stmt) return 'DROP SUBSCRIPTION';
  return undefined;
}

/** What a statement takes away: `relation` is the table whose rows go, undefined where that cannot be told. */
export interface Destruction {
  readonly relation: RelationName | undefined;
  readonly what: string;
}

export async function destroyedRelations(text: string): Promise<Destruction[]> {
  const { stmts = [] } = await parse(text);
  return stmts.flatMap(({ stmt }) => (stmt === undefined ? [] : destructions(stmt)));
}

function destructions(stmt: Node): Destruction[] {
  if ('DropStmt' in stmt) {
    const { removeType, objects = [], behavior } = stmt.DropStmt;
    if (removeType === 'OBJECT_SCHEMA') {
      return behavior === 'DROP_CASCADE'
        ? [{ relation: undefined, what: 'drops a schema with all that is in it' }]
        : [];
    }
    if (removeType !== 'OBJECT_TABLE' && removeType !== 'OBJECT_MATVIEW') return [];
    return objects.map(listedName).map((relation) => ({ relation, what: `drops ${relation.name}` }));
  }
  if ('TruncateStmt' in stmt) {
    return (stmt.TruncateStmt.relations ?? []).flatMap((node) =>
      'RangeVar' in node ? [destruction(node.RangeVar, 'truncates')] : [],
    );
  }
  if ('DeleteStmt' in stmt) return [destruction(stmt.DeleteStmt.relation, 'deletes from')];
  if ('AlterTableStmt' in stmt) {
    const { cmds = [], relation } = stmt.AlterTableStmt;
    const dropped = cmds.flatMap((node) =>
      'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_DropColumn'
        ? [node.AlterTableCmd.name ?? '']
        : [],
    );
    return dropped.map((column) => destruction(relation, `drops column ${column} of`));
  }
  return [];
}

function destruction(relation: RangeVar | undefined, verb: string): Destruction {
  const name = relation?.relname ?? '';
  return { relation: { schema: relation?.schemaname, name }, what: `${verb} ${name}` };
}

function listedName(object: Node): RelationName {
  const parts = 'List' in object ? (object.List.items ?? []) : [];
  const names = parts.map((item) => ('String' in item ? (item.String.sval ?? '') : ''));
  return { schema: names.length > 1 ? names.at(-2) : undefined, name: names.at(-1) ?? '' };
}
