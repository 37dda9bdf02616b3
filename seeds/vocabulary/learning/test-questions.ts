import type { LanguageCode } from '../languages.js';

/** The four questions of a level test, from easy to hard, in the language tested. */
export const testQuestions: Readonly<Record<LanguageCode, readonly [string, string, string, string]>> = {
  ko: [
    '간단하게 자기소개를 해 주세요.',
    '지난 주말에 무엇을 했는지 이야기해 주세요.',
    '지금 사는 곳의 좋은 점과 불편한 점을 말해 주세요.',
    '기술이 사람들의 관계를 어떻게 바꾸었다고 생각하는지 예를 들어 설명해 주세요.',
  ],
  en: [
    'Please introduce yourself.',
    'Tell me what you did last weekend.',
    'What do you like and dislike about the place where you live?',
    'How do you think technology has changed the way people relate to each other? Give an example.',
  ],
  ja: [
    '自己紹介をしてください。',
    '先週末に何をしましたか。',
    '今住んでいるところの良い点と不便な点を話してください。',
    '技術は人間関係をどのように変えたと思いますか。例を挙げて説明してください。',
  ],
  zh: [
    '请介绍一下你自己。',
    '请说说你上个周末做了什么。',
    '你住的地方有什么优点和缺点？',
    '你认为科技怎样改变了人与人之间的关系？请举例说明。',
  ],
  es: [
    'Preséntate, por favor.',
    'Cuéntame qué hiciste el fin de semana pasado.',
    '¿Qué te gusta y qué no te gusta del lugar donde vives?',
    '¿Cómo crees que la tecnología ha cambiado las relaciones entre las personas? Da un ejemplo.',
  ],
  fr: [
    'Présentez-vous, s’il vous plaît.',
    'Racontez ce que vous avez fait le week-end dernier.',
    'Qu’est-ce qui vous plaît et vous déplaît là où vous habitez ?',
    'À votre avis, comment la technologie a-t-elle changé les relations entre les gens ? Donnez un exemple.',
  ],
};
