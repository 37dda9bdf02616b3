import { levels, type Level } from '../languages.js';
import { texts, type Texts } from '../texts.js';

/** Korean natives read theirs in Korean, everybody else in English. */
export type FeedbackLanguage = 'ko' | 'en';

const written: Readonly<Record<FeedbackLanguage, Readonly<Record<Level, readonly string[]>>>> = {
  ko: {
    A1: [
      '인사와 간단한 단어로 의사를 전달할 수 있어요. 기본 문장을 소리 내어 반복해 보세요.',
      '첫걸음을 잘 떼셨어요! 자주 쓰는 동사 스무 개를 먼저 익히면 말하기가 훨씬 편해져요.',
    ],
    A2: [
      '짧은 문장으로 일상적인 이야기를 할 수 있어요. 문장을 이어 주는 말을 연습하면 더 자연스러워져요.',
      '시제를 조금 더 신경 쓰면 좋겠어요. 하루에 있었던 일을 세 문장으로 말해 보세요.',
    ],
    B1: [
      '익숙한 주제라면 막힘없이 이야기할 수 있어요. 이제 의견과 이유를 함께 말하는 연습을 해 보세요.',
      '어휘가 고르게 늘었어요. 같은 표현을 반복하기보다 비슷한 말로 바꿔 말해 보세요.',
    ],
    B2: [
      '생각을 논리적으로 전달하는 힘이 좋아요. 긴 문장에서 나오는 작은 문법 실수만 다듬으면 돼요.',
      '대화의 흐름이 자연스러워요. 관용 표현을 조금씩 더하면 한층 풍부해질 거예요.',
    ],
    C1: [
      '미묘한 차이까지 정확하게 표현하시네요. 다양한 분야의 글을 읽으며 어휘의 폭을 넓혀 보세요.',
      '발음과 억양이 안정적이에요. 격식을 차린 발표도 충분히 하실 수 있어요.',
    ],
    C2: [
      '거의 원어민처럼 유창하게 말씀하세요. 지금의 감각을 꾸준히 유지해 주세요.',
      '비유와 유머까지 자유롭게 쓰시네요. 더 고칠 것이 거의 없어요!',
    ],
  },
  en: {
    A1: [
      'You can greet people and get your meaning across with single words. Repeat short sentences aloud every day.',
      'A good start! Learn the twenty most common verbs first, and speaking will feel much easier.',
    ],
    A2: [
      'You can talk about everyday things in short sentences. Linking words will make you sound more natural.',
      'Keep an eye on your tenses. Try to tell your day in three sentences each evening.',
    ],
    B1: [
      'You speak comfortably on familiar topics. The next step is to give reasons for your opinions.',
      'Your vocabulary has grown evenly. Try to rephrase instead of repeating the same expression.',
    ],
    B2: [
      'You present your ideas clearly and in order. Only small slips in long sentences remain.',
      'Your conversation flows well. A few more idioms would add colour to it.',
    ],
    C1: [
      'You express fine shades of meaning with precision. Read widely to broaden your range even further.',
      'Your pronunciation and intonation are steady. You would do well in a formal presentation.',
    ],
    C2: [
      'You speak with almost native fluency. Keep your feel for the language alive by using it.',
      'You handle imagery and humour with ease. There is hardly anything left to correct!',
    ],
  },
};

export const testFeedback: Readonly<Record<FeedbackLanguage, Readonly<Record<Level, Texts>>>> = {
  ko: encoded(written.ko),
  en: encoded(written.en),
};

function encoded(byLevel: Readonly<Record<Level, readonly string[]>>): Readonly<Record<Level, Texts>> {
  return Object.fromEntries(levels.map((level) => [level, texts(byLevel[level])])) as Record<Level, Texts>;
}
