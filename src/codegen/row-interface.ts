import {
  DatabaseMetadata,
  GenericExpressionNode,
  IdentifierNode,
  InterfaceDeclarationNode,
  ObjectExpressionNode,
  PropertyNode,
  transform,
  type AliasDeclarationNode,
  type GeneratorDialect,
  type TableMetadata,
} from 'kysely-codegen';
import type { Relation } from './list-relations.js';
import { prelude } from './prelude.js';
import { TypesSerializer } from './types-serializer.js';
import { docComment } from './typescript-text.js';

export interface RowInterface {
  /** Its declaration under a name. */
  readonly declare: (name: string) => string;
  /** What kysely-codegen defines for it that the prelude does not: Point, Circle. */
  readonly definitions: ReadonlyMap<string, string>;
}

/**
 * The interface of one table, whose metadata is used up. Each is transformed by itself, under a name that clashes with nothing: kysely-codegen
 * would call a table like one of its own types, such as Generated, and then mean the wrong one.
 */
export function rowInterface(
  relation: Relation,
  table: TableMetadata,
  dialect: GeneratorDialect,
): RowInterface {
  const serializer = new TypesSerializer();
  const alone = new DatabaseMetadata({ tables: [] });
  alone.tables = [Object.assign(table, { schema: 'public', name: 'a row of this table' })];
  const nodes = transform({ dialect, metadata: alone }).flatMap((node) =>
    node.type === 'ExportStatement' ? [node.argument] : [],
  );
  const aliases = nodes.filter((node): node is AliasDeclarationNode => node.type === 'AliasDeclaration');
  const row = nodes
    .filter((node) => node.type === 'InterfaceDeclaration')
    .find(({ id }) => id.isTableIdentifier);
  const readOnly = new Set(relation.columns.filter((column) => column.readOnly).map(({ name }) => name));
  const properties = (row?.body.properties ?? []).map((property) =>
    readOnly.has(property.key) ? generatedAlways(property) : property,
  );
  return {
    declare: (name) => {
      const node = new InterfaceDeclarationNode(
        new IdentifierNode(name),
        new ObjectExpressionNode(properties),
      );
      const comment = relation.comment === null ? '' : docComment(relation.comment);
      return `${comment}export ${serializer.serializeInterfaceDeclaration(node)}\n`;
    },
    definitions: new Map(
      aliases
        .filter(({ id }) => !prelude.names.has(id.name))
        .map((node) => [node.id.name, `export ${serializer.serializeAliasDeclaration(node)}\n`]),
    ),
  };
}

/** A generated column has a default to kysely-codegen, as it has one in the catalog; a column of a view has none. */
function generatedAlways({ key, value, comment }: PropertyNode): PropertyNode {
  const args = value.type === 'GenericExpression' && value.name === 'Generated' ? value.args : [value];
  return new PropertyNode(key, new GenericExpressionNode('GeneratedAlways', args), comment);
}
