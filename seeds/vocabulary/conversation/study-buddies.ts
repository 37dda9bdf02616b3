import { a, b, bCorrects, thread, type Thread } from './thread.js';

/** Two natives of the same language, who learn the same foreign one. Polite. */
export const studyBuddies: readonly Thread[] = [
  thread(
    'getting-to-know',
    ['ko', 'ko'],
    [
      a(
        '안녕하세요! 영어 공부 같이 하실 분 찾고 있었어요.',
        '안녕하세요, 같은 목표를 가진 분을 만나서 반가워요!',
      ),
      b(
        '반가워요! 저도 혼자 하니까 자꾸 미루게 되더라고요.',
        '안녕하세요! 서로 확인해 주면 꾸준히 할 수 있을 것 같아요.',
      ),
      a("Let's talk in English! Today I eated lunch with my team."),
      bCorrects('좋아요! "I eated" → "I ate"죠? 저도 급하면 그렇게 말해요 ㅎㅎ'),
      a('맞다, ate! 급하면 머리가 하얘져요.', '아는 건데 왜 입에서는 그렇게 나올까요 ㅠㅠ'),
      b(
        '말로 자주 해 봐야 늘어요. 매일 세 문장씩 올려 볼까요?',
        '저도 그래요. 하루에 세 문장씩 서로 고쳐 주기 어때요?',
      ),
      a('좋아요! 오늘부터 시작해요.', '네, 자기 전에 올릴게요!'),
      b('Deal! 내일 아침에 확인할게요 👍', '좋아요, 우리 끝까지 해 봐요!'),
    ],
  ),
  thread(
    'getting-to-know',
    ['en', 'en'],
    [
      a(
        'Hi! Are you learning Korean as well? I need a study buddy.',
        "Hello! I'm looking for somebody to practise Korean with.",
      ),
      b(
        'Me too! How far have you got? 저는 초급이에요.',
        "Great, same here! I've just finished the alphabet.",
      ),
      a("저는 커피를 좋아요. That's about my level 😄"),
      bCorrects(
        'Ha, that\'s a start! I think it\'s "커피를 좋아요" → "커피를 좋아해요". My teacher keeps telling me.',
      ),
      a(
        '커피를 좋아해요. Right! Do you use flashcards?',
        '좋아해요! Thanks. How do you remember all the particles?',
      ),
      b(
        'I write three sentences every night. It helps a lot.',
        'Mostly by getting them wrong, and then writing them down.',
      ),
      a(
        'Shall we swap sentences every evening, then?',
        "Could we check each other's sentences every evening?",
      ),
      b('좋아요! Starting tonight. 화이팅!', "Yes, let's! 내일 만나요 👋"),
    ],
  ),
];
