import { levels, type Level } from '../languages.js';
import { jsonTexts, type Texts } from '../texts.js';

interface Analysis {
  readonly summary: string;
  readonly strengths: readonly string[];
  readonly weaknesses: readonly string[];
  readonly recommendations: readonly string[];
}

const written: Readonly<Record<Level, readonly Analysis[]>> = {
  A1: [
    {
      summary: 'Answers with single words and memorised phrases.',
      strengths: ['Greets and introduces themselves', 'Keeps trying after a pause'],
      weaknesses: ['Verbs are rarely inflected', 'Long pauses between words'],
      recommendations: ['Repeat short dialogues aloud', 'Learn the twenty most common verbs'],
    },
    {
      summary: 'Understands simple questions when they are spoken slowly.',
      strengths: ['Clear single sounds'],
      weaknesses: ['Sentences stay incomplete', 'Very small vocabulary'],
      recommendations: ['Five minutes of listening a day', 'Write three sentences about the day'],
    },
  ],
  A2: [
    {
      summary: 'Speaks in short, mostly correct sentences about everyday life.',
      strengths: ['Basic word order', 'Vocabulary of daily routines'],
      weaknesses: ['Tenses are mixed', 'Few linking words'],
      recommendations: ['Retell the weekend in the past tense', 'Practise because, but and so'],
    },
    {
      summary: 'Gets the message across, with help from the listener.',
      strengths: ['Good comprehension of familiar topics'],
      weaknesses: ['Particles and articles', 'Pronunciation of final consonants'],
      recommendations: ['Shadow one short recording a day', 'Ask the partner for corrections'],
    },
  ],
  B1: [
    {
      summary: 'Talks at length about familiar topics with occasional errors.',
      strengths: ['Connected sentences', 'Recovers from mistakes without help'],
      weaknesses: ['Repeats the same expressions', 'Prepositions and particles'],
      recommendations: ['Give two reasons for each opinion', 'Collect synonyms while reading'],
    },
    {
      summary: 'Comfortable in everyday conversation, less so with abstract questions.',
      strengths: ['Steady pace', 'Natural reactions'],
      weaknesses: ['Abstract vocabulary', 'Intonation of questions'],
      recommendations: ['Discuss one news item a week', 'Record and compare short answers'],
    },
  ],
  B2: [
    {
      summary: 'Presents a clear argument and reacts to counter-arguments.',
      strengths: ['Well-structured answers', 'Wide everyday vocabulary'],
      weaknesses: ['Slips in long sentences', 'Few idiomatic expressions'],
      recommendations: ['Summarise an article in one minute', 'Use one new idiom a day'],
    },
    {
      summary: 'Fluent in most situations, with small errors that do not hinder understanding.',
      strengths: ['Fluency', 'Good use of discourse markers'],
      weaknesses: ['Register is sometimes too casual'],
      recommendations: ['Practise formal e-mails', 'Role-play interviews'],
    },
  ],
  C1: [
    {
      summary: 'Expresses complex ideas precisely and adapts to the listener.',
      strengths: ['Precise vocabulary', 'Confident intonation', 'Varied sentence structure'],
      weaknesses: ['Rare collocations'],
      recommendations: ['Read essays in several fields', 'Give a talk without notes'],
    },
  ],
  C2: [
    {
      summary: 'Speaks effortlessly, with nuance and humour.',
      strengths: ['Near-native fluency', 'Imagery and wordplay', 'Complete control of register'],
      weaknesses: [],
      recommendations: ['Keep in practice with long conversations'],
    },
  ],
};

/** JSON of level_tests.ai_analysis. */
export const testAnalyses = Object.fromEntries(
  levels.map((level) => [level, jsonTexts(written[level])]),
) as Readonly<Record<Level, Texts>>;

export const scoredSkills = [
  'pronunciation',
  'grammar',
  'fluency',
  'vocabulary',
  'comprehension',
  'interaction',
] as const;
export type ScoredSkill = (typeof scoredSkills)[number];

/** JSON of level_test_responses.ai_scores. @param scores 0 to 100 each */
export function aiScoresJson(scores: Readonly<Record<ScoredSkill, number>>): string {
  return `{${scoredSkills.map((skill) => `"${skill}": ${scores[skill]}`).join(', ')}}`;
}
