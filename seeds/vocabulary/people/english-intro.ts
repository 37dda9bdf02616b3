import type { IntroParts } from './intros.js';

export const englishIntro: IntroParts = {
  openings: [
    'Hi there!',
    'Hello!',
    '안녕하세요!',
    'Hey, nice to meet you.',
    'Hello from a very small flat 👋',
    'Hi!',
  ],
  lives: [
    "I work in a library and I'm always reading three books at once.",
    "I'm a student of linguistics, in my second year.",
    'I fell in love with Korean food on a trip and never quite came home.',
    "I'm a nurse, so my hours are a bit odd.",
    'I teach maths at a primary school.',
    'I write software by day and bake bread at night.',
    'I live by the sea with two cats.',
    "I'm moving to Seoul next year and I'm both excited and nervous.",
    'I play the cello, badly but with joy.',
    'I run, I hike, and I take too many photos of clouds.',
  ],
  wishes: [
    "I'd like to be able to chat without a dictionary.",
    "Please correct me, I won't be offended!",
    "Ask me anything about English, I'm happy to help.",
    'Looking for somebody patient to talk to once or twice a week.',
    "I've only just started, so please go slowly.",
    '한국어로 많이 이야기하고 싶어요!',
  ],
};
