import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.js';

export interface DeclaredTypes {
  /** Tables by name, with the names of their columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** What TypeScript says of the text: empty when it compiles. */
  readonly problems: readonly string[];
  /** A column's type as TypeScript writes it, aliases resolved; «never» where a column may not be given. */
  typeOf(use: Use, table: string, column: string): string;
  /** Why a value is not what is read from a column, by its declared type; undefined when it is. */
  misfit(table: string, column: string, value: unknown): string | undefined;
}

export type Use = 'select' | 'insert' | 'update';

const probe = `
import type { InsertType, SelectType, UpdateType } from 'kysely';
import type { DB } from './db.js';
export type select = { [T in keyof DB]: { [C in keyof DB[T]]: SelectType<DB[T][C]> } };
export type insert = { [T in keyof DB]: { [C in keyof DB[T]]: InsertType<DB[T][C]> } };
export type update = { [T in keyof DB]: { [C in keyof DB[T]]: UpdateType<DB[T][C]> } };
`;

/** Compiles a generated file, and answers what its types mean after Kysely has taken them apart. */
export function declaredTypes(text: string): DeclaredTypes {
  const folder = join(packageRoot(), 'generated');
  const virtual = new Map([
    [join(folder, 'db.ts'), text],
    [join(folder, 'probe.ts'), probe],
  ]);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(packageRoot(), 'node_modules', '@types')],
  };
  const host = ts.createCompilerHost(options);
  const disk = ts.createCompilerHost(options);
  host.fileExists = (name) => virtual.has(name) || disk.fileExists(name);
  host.readFile = (name) => virtual.get(name) ?? disk.readFile(name);
  host.getSourceFile = (name, settings, ...rest) => {
    const own = virtual.get(name);
    return own === undefined
      ? disk.getSourceFile(name, settings, ...rest)
      : ts.createSourceFile(name, own, settings);
  };
  const program = ts.createProgram([...virtual.keys()], options, host);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(folder, 'probe.ts'));
  const exported = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (exported === undefined) throw new Error('the probe is no module');

  const memberOf = (type: ts.Type, name: string): ts.Type => {
    const member = checker.getPropertyOfType(type, name);
    if (member === undefined) throw new Error(`there is no ${name} in ${checker.typeToString(type)}`);
    return checker.getTypeOfSymbol(member);
  };
  const database = (use: Use): ts.Type => {
    const symbol = checker.getExportsOfModule(exported).find(({ name }) => name === use);
    if (symbol === undefined) throw new Error(`the probe does not export ${use}`);
    return checker.getDeclaredTypeOfSymbol(symbol);
  };
  const columnType = (use: Use, table: string, column: string): ts.Type =>
    memberOf(memberOf(database(use), table), column);

  return {
    tables: new Map(
      database('select')
        .getProperties()
        .map((table) => [
          table.name,
          checker
            .getTypeOfSymbol(table)
            .getProperties()
            .map(({ name }) => name),
        ]),
    ),
    problems: ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    typeOf: (use, table, column) =>
      checker.typeToString(
        columnType(use, table, column),
        undefined,
        ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
      ),
    misfit: (table, column, value) => {
      const type = columnType('select', table, column);
      return inhabits(checker, type, value)
        ? undefined
        : `${table}.${column} gave ${typeof value} ${JSON.stringify(value)}, declared as ${checker.typeToString(type)}`;
    },
  };
}

/** Whether a value is one of a type's. A type that says nothing, such as unknown, has no values here. */
function inhabits(checker: ts.TypeChecker, type: ts.Type, value: unknown): boolean {
  if (type.isUnion()) return type.types.some((member) => inhabits(checker, member, value));
  if (type.isLiteral()) return value === type.value;
  const { flags } = type;
  if (flags & ts.TypeFlags.String) return typeof value === 'string';
  if (flags & ts.TypeFlags.Number) return typeof value === 'number';
  if (flags & ts.TypeFlags.BooleanLiteral) return String(value) === checker.typeToString(type);
  if (flags & ts.TypeFlags.Null) return value === null;
  if (!(flags & ts.TypeFlags.Object) || typeof value !== 'object' || value === null) return false;
  if (type.symbol.name === 'Date') return value instanceof Date;
  if (type.symbol.name === 'Buffer') return Buffer.isBuffer(value);
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference);
    return (
      Array.isArray(value) && element !== undefined && value.every((item) => inhabits(checker, element, item))
    );
  }
  const rest = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  return (
    isPlain &&
    Object.entries(value).every(([key, item]) => {
      const property = checker.getPropertyOfType(type, key);
      const declared = property === undefined ? rest : checker.getTypeOfSymbol(property);
      return declared !== undefined && inhabits(checker, declared, item);
    })
  );
}
