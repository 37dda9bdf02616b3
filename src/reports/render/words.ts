import type { Language } from '../text.js';

/** What the documents themselves say, around what the reports say. */
export interface Words {
  readonly reports: string;
  readonly product: string;
  readonly database: string;
  readonly definition: string;
  readonly parameters: string;
  readonly numbers: string;
  readonly warnings: string;
  readonly source: string;
  readonly all: string;
  readonly nothingToShow: string;
  readonly incomplete: string;
  readonly unavailable: string;
  readonly server: string;
  readonly primary: string;
  readonly replica: string;
  readonly generatedAt: string;
  readonly replayedUntil: string;
  readonly countedSince: string;
  readonly took: string;
  readonly noValue: string;
  ofFirst(share: string): string;
  ofPrevious(share: string): string;
  rows(count: string): string;
  /** Of a plot of the first rows only. */
  firstOf(shown: string, all: string): string;
  /** Of a plot whose bars stand for several rows. */
  meanOf(count: string): string;
}

const en: Words = {
  reports: 'Reports',
  product: 'Product',
  database: 'Database',
  definition: 'How it is counted',
  parameters: 'Parameters',
  numbers: 'The numbers',
  warnings: 'To know before you read',
  source: 'Source',
  all: 'all',
  nothingToShow: 'nothing to show',
  incomplete: 'Its time is not over yet: the number may still change.',
  unavailable: 'Not available',
  server: 'Server',
  primary: 'primary',
  replica: 'replica',
  generatedAt: 'Generated',
  replayedUntil: 'Data up to',
  countedSince: 'Counted since',
  took: 'Took',
  noValue: 'no value',
  ofFirst: (share) => `${share} of the first`,
  ofPrevious: (share) => `${share} of the step before`,
  rows: (count) => (count === '1' ? '1 row' : `${count} rows`),
  firstOf: (shown, all) => `The first ${shown} of ${all} rows are drawn; the table has all.`,
  meanOf: (count) => `Each bar is the mean of ${count} rows; the table has all.`,
};

const ko: Words = {
  reports: '보고서',
  product: '서비스',
  database: '데이터베이스',
  definition: '집계 기준',
  parameters: '조회 조건',
  numbers: '전체 수치',
  warnings: '읽기 전에 확인하세요',
  source: '출처',
  all: '전체',
  nothingToShow: '표시할 데이터가 없습니다',
  incomplete: '아직 집계 기간이 끝나지 않아 값이 바뀔 수 있습니다.',
  unavailable: '이용할 수 없음',
  server: '서버',
  primary: '주 서버',
  replica: '복제 서버',
  generatedAt: '생성 시각',
  replayedUntil: '데이터 기준 시각',
  countedSince: '집계 시작',
  took: '소요 시간',
  noValue: '값 없음',
  ofFirst: (share) => `첫 단계 대비 ${share}`,
  ofPrevious: (share) => `이전 단계 대비 ${share}`,
  rows: (count) => `${count}행`,
  firstOf: (shown, all) => `전체 ${all}행 중 처음 ${shown}행만 그렸습니다. 표에는 모두 있습니다.`,
  meanOf: (count) => `막대 하나는 ${count}행의 평균입니다. 표에는 모두 있습니다.`,
};

const words: Readonly<Record<Language, Words>> = { en, ko };

export function wordsOf(language: Language): Words {
  return words[language];
}
