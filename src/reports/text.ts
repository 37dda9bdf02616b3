/** What a report is called by those who read it: in English, and in the language of the platform. */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
