import { a, aCorrects, b } from './thread.js';
import type { Topic } from './topic.js';

/** Two people stop being formal: it begins in 존댓말 and ends in 반말. */
export const becomingCasual: readonly Topic[] = [
  {
    id: 'speaking-casually',
    koreanOpens: [
      a(
        '우리 이제 꽤 오래 이야기했는데, 말 편하게 하는 거 어때요?',
        '저기, 우리 나이도 비슷한데 말 놓을까요?',
      ),
      b(
        '말을 놓다? What does that mean? I know 말 means speech…',
        "'말을 놓다'가 뭐예요? Put down the words? 😂",
      ),
      a(
        'It means we can stop using the polite ending. Like friends! 반말이라고 해요.',
        "Like friends, without 요. '반말'이라고 해요. It makes us more close.",
      ),
      b("Ah, I've heard of that! I'd love to. 그럼… 안녕? 지금 뭐 하세요?"),
      aCorrects('ㅋㅋㅋ 반말로는 "뭐 하세요" → "뭐 해"야! 이렇게 시작하면 돼.'),
      b(
        '뭐 해? 나는 집에 있어! It feels so strange without 요.',
        '지금 뭐 해? 와, 이상해 ㅋㅋ It feels rude!',
      ),
      a(
        "괜찮아, 금방 익숙해질 거야. I'm happy we are friends now.",
        '하나도 안 이상해! 이제 진짜 친구 같다 😄',
      ),
      b('나도! From now on 반말 for the Korean half, okay?', '응, 나도 좋아! Thanks for asking me 🙌'),
    ],
    englishOpens: [
      a(
        'I learned a new word today: 반말. Could we try it? 우리 반말을 할까요?',
        'My teacher says friends use 반말. 저하고 반말 할래요?',
      ),
      b(
        '좋아요! 아니, 좋아! 이제 편하게 말해. I was waiting for this.',
        '그럴까요? 아니, 그럴까? ㅎㅎ I wanted to ask you too.',
      ),
      a(
        "고마워요! Oh no, I mean 고마워. I'll need some time 😅",
        '네! 아, 응! This is harder than I thought.',
      ),
      b("Don't be hurry. 천천히 하면 돼!"),
      aCorrects(
        'I won\'t! "Don\'t be hurry" → "Don\'t hurry" or "No rush". 그런데 \'당신\'이라고 말해도 돼?',
        'Thanks! "Don\'t be hurry" → "Don\'t hurry". 그런데 나는 너를 \'당신\'이라고 불러?',
      ),
      b(
        "아니, '당신'은 어색해. 그냥 이름을 불러. Or just 너!",
        "'당신'은 친구 사이에 거의 안 써. Just call my name!",
      ),
      a('알았어! 너는 정말 좋은 선생님이야.', '응, 이름을 부를게. 너 정말 잘 가르친다!'),
      b('고마워 ㅎㅎ You too. 내일 또 반말로 얘기하자!', '너도 최고야 👍 Talk to you tomorrow!'),
    ],
  },
];
