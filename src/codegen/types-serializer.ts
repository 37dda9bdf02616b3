import {
  TypeScriptSerializer,
  type LiteralNode,
  type ObjectExpressionNode,
  type PropertyNode,
} from 'kysely-codegen';
import { docComment, propertyKey, stringLiteral } from './typescript-text.js';

/** Writes kysely-codegen's tree as this package writes TypeScript, and columns in the order of their table. */
export class TypesSerializer extends TypeScriptSerializer {
  override serializeObjectExpression({ properties }: ObjectExpressionNode): string {
    return `{\n${properties.map((property) => this.serializeProperty(property)).join('')}}`;
  }

  override serializeProperty({ comment, key, value }: PropertyNode): string {
    const above = comment === null ? '' : docComment(comment, '  ');
    return `${above}  ${this.serializeKey(key)}: ${this.serializeExpression(value)};\n`;
  }

  override serializeKey(key: string): string {
    return propertyKey(key);
  }

  override serializeLiteral({ value }: LiteralNode): string {
    return typeof value === 'string' ? stringLiteral(value) : String(value);
  }
}
