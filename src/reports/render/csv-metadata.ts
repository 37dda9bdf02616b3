import type { Kind } from '../columns.js';
import type { ReportResult } from '../report-result.js';
import type { AnyReport } from '../report.js';

const datatypes: Readonly<Record<Kind, string>> = {
  text: 'string',
  boolean: 'boolean',
  count: 'integer',
  decimal: 'double',
  ratio: 'double',
  seconds: 'double',
  bytes: 'integer',
  day: 'date',
  instant: 'datetime',
};

/**
 * What CSV has no place for, as Metadata for Tabular Data (W3C, «CSV on the Web»): for `FILE-metadata.json` beside
 * FILE, where its readers look. The envelope of the report is its first note.
 *
 * @param file the name of the CSV file, without its folder
 */
export function renderCsvMetadata(result: ReportResult, report: AnyReport, file: string): string {
  const { rows, columns, ...envelope } = result;
  const metadata = {
    '@context': 'http://www.w3.org/ns/csvw',
    url: encodeURIComponent(file),
    'dc:title': inLanguages(result.title),
    'dc:description': inLanguages(result.question),
    'dc:created': result.generatedAt,
    notes: [{ ...envelope, rowCount: rows.length }],
    tableSchema: {
      columns: columns.map(({ name, kind, label }) => ({
        name,
        // The header of the file, then what people call it.
        titles: { und: name, en: label.en, ko: label.ko },
        datatype: datatypes[kind],
        // To its readers an empty text is none.
        required: report.columns[name]?.nullable === false && kind !== 'text',
        'dc:type': kind,
      })),
    },
  };
  return `${JSON.stringify(metadata, null, 2)}\n`;
}

function inLanguages(text: { readonly en: string; readonly ko: string }): readonly object[] {
  return Object.entries(text).map(([language, value]) => ({ '@value': value, '@language': language }));
}
