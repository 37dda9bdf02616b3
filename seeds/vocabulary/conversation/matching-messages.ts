import type { LanguageCode } from '../languages.js';
import { texts, type Texts } from '../texts.js';

/** What comes with a request, by the requester's mother tongue. */
export const matchingMessages: Readonly<Record<LanguageCode, Texts>> = {
  ko: texts([
    '안녕하세요! 프로필 보고 연락드려요. 같이 언어 교환 하실래요?',
    '취미가 비슷해서 이야기가 잘 통할 것 같아요 :)',
    '영어 회화를 연습하고 싶어요. 한국어는 제가 도와드릴게요!',
    '시간대가 잘 맞을 것 같아서 신청해요.',
    '저도 여행을 좋아해요! 여행 이야기 나누면서 공부해요.',
    '꾸준히 공부할 파트너를 찾고 있어요. 잘 부탁드려요!',
    '자기소개가 인상적이었어요. 친해지고 싶어요 😊',
    '일주일에 한 번씩 통화하면서 연습하는 건 어떠세요?',
    '영어 면접을 앞두고 있는데 함께 연습해 주실 수 있을까요?',
    "Hi! I'd like to practice English with you. 한국어도 알려 드릴게요!",
  ]),
  en: texts([
    'Hi! Your profile made me smile. Shall we do a language exchange?',
    "안녕하세요! I'm looking for a patient partner for Korean.",
    'We seem to like the same things. Would you like to chat?',
    'I can help with English, and I badly need help with Korean 😄',
    "I'm free most evenings. Would a weekly call suit you?",
    "I'm preparing for a Korean test in spring and would love some company.",
    '한국어로 이야기하고 싶어요. 잘 부탁드립니다!',
    "Your introduction is lovely. I'd be glad to practise with you.",
    'Beginner here, but a hard-working one. Would you give me a try?',
    'I saw that you like hiking as well. Let’s talk about mountains!',
  ]),
  ja: texts([
    'はじめまして！一緒に勉強しませんか。',
    'プロフィールを見て連絡しました。よろしくお願いします。',
    '안녕하세요! 일본어를 도와드릴 수 있어요.',
    'Hello! I can help you with Japanese.',
  ]),
  zh: texts([
    '你好！我们一起练习吧。',
    '我可以教你中文，请多多指教！',
    '안녕하세요! 같이 공부하고 싶어요.',
    'Hi! Let’s learn together.',
  ]),
  es: texts([
    '¡Hola! ¿Practicamos juntos?',
    'Puedo ayudarte con el español 😊',
    '안녕하세요! 같이 연습해요.',
    'Hi! Shall we practise together?',
  ]),
  fr: texts([
    'Bonjour ! On pratique ensemble ?',
    'Je peux t’aider avec le français.',
    '안녕하세요! 친구가 되고 싶어요.',
    'Hello! I would love to practise with you.',
  ]),
};
