import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/cache/value-text.js';

const names = fc.oneof(
  fc.string(),
  fc.constantFrom('$date', '$$date', '$bigint', '$', '__proto__', 'constructor', 'toJSON', '~'),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('the text of a cached value', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        // Not toStrictEqual, which takes a property «constructor» for the type.
        expect(isDeepStrictEqual(decodeValue(encodeValue(value)), value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is plain JSON where JSON suffices', () => {
    expect(encodeValue({ id: '9007199254740993', tags: ['a'], at: null })).toBe(
      '{"id":"9007199254740993","tags":["a"],"at":null}',
    );
  });

  it('leaves undefined properties out', () => {
    expect(decodeValue(encodeValue({ a: 1, b: undefined }))).toStrictEqual({ a: 1 });
  });

  it('does not let a key reach the prototype', () => {
    const value = decodeValue('{"__proto__":{"admin":true}}') as { admin?: boolean };
    expect(value.admin).toBeUndefined();
    expect(Object.getPrototypeOf(decodeValue('~{"__proto__":{"admin":true}}'))).toBe(Object.prototype);
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each([
    ['a Map', { a: new Map() }, 'value.a is an instance of Map'],
    ['a Buffer', [Buffer.from('x')], 'value[0] is an instance of Buffer'],
    ['an object of an unknown kind', [Object.create({})], 'value[0] is an instance of Object'],
    [
      'an object of no class',
      [Object.create(Object.create(null) as object)],
      'value[0] is an instance of an unnamed class',
    ],
    ['NaN', { a: { b: Number.NaN } }, 'value.a.b is NaN'],
    ['an invalid Date', new Date(Number.NaN), 'value is an invalid Date'],
    ['a function', { f: () => 1 }, /^value\.f is \(\) => 1/],
    ['undefined in an array', [undefined], 'value[0] is undefined'],
    ['a circular object', circular, /is nested deeper than 100 levels, or is circular$/],
  ])('refuses %s, and says where it is', (_, value, detail) => {
    expect(() => encodeValue(value)).toThrow(
      expect.objectContaining({
        code: 'CACHE_VALUE_UNSUPPORTED',
        detail: typeof detail === 'string' ? detail : (expect.stringMatching(detail) as string),
      }),
    );
  });
});
