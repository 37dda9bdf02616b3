/** STUDYMATE_TEST_LONG=1: safety tests take all of their cases and sizes, not a few. */
export const isLong = process.env['STUDYMATE_TEST_LONG'] === '1';
