import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const arrangementTopics: readonly Topic[] = [
  {
    id: 'time-difference',
    koreanOpens: [
      a(
        '이번 주 수업은 몇 시가 좋으세요? 저는 저녁 9시 이후에 돼요.',
        '이번 주에 언제 통화할까요? 저는 주말이 편해요.',
      ),
      b(
        "It's eight hours' difference, isn't it? 한국의 저녁은 여기의 점심이에요.",
        'Let me check the clocks. 여기는 지금 오전 열한 시예요.',
      ),
      a('Right. Then how about Saturday? I am available from nine to until eleven.'),
      bCorrects(
        'Saturday works! "from nine to until eleven" → "from nine to eleven" or "from nine until eleven", just one of them.',
      ),
      a('From nine to eleven, Korean time. 괜찮으시죠?', '둘 중에 하나만! 그럼 토요일 9시로 할까요?'),
      b('네, 괜찮아요. 저는 토요일마다 일찍 일어나서 시간을 있어요.'),
      aCorrects('좋아요! "시간을 있어요" → "시간이 있어요"예요. \'있다\' 앞에는 이/가를 써요.'),
      b(
        "시간이 있어요! See you on Saturday, my one o'clock.",
        "네, 시간이 있어요. I've put it in my calendar 📅",
      ),
    ],
    englishOpens: [
      a(
        "Our clocks change this weekend, so I'll be an hour off. 헷갈려요!",
        "이번 일요일부터 시간이 바뀌어요. Don't forget!",
      ),
      b('한국은 안 바뀌어서 항상 헷갈려요. So our class will be one hour more late?'),
      aCorrects('For you, yes: "one hour more late" → "one hour later". 괜찮아요?'),
      b('네, 저는 괜찮아요. 10시에 시작하면 되죠?', 'One hour later is fine! 저는 늦게 자요.'),
      a('네! 밤 열 시 너무 늦는이 아니에요?'),
      bCorrects('괜찮아요, 저 올빼미예요 🦉 "늦는이 아니에요" → "늦지 않아요"라고 물어보세요.'),
      a('열 시는 너무 늦지 않아요? Owl, I like that!', '늦지 않아요? Thank you, owl 😄'),
      b('전혀 늦지 않아요! See you at ten.', '올빼미한테는 이른 시간이에요 ㅎㅎ 그때 봐요!'),
    ],
  },
  {
    id: 'rescheduling',
    koreanOpens: [
      a(
        '정말 죄송한데 오늘 수업을 내일로 미뤄도 될까요? 회의가 길어졌어요.',
        '죄송해요, 오늘 약속 시간을 바꿀 수 있을까요? 급한 일이 생겼어요.',
      ),
      b('No problem at all! 내일 몇 시가 좋아요?', 'Of course, these things happen. 내일은 어때요?'),
      a('Thank you for your understand. How about tomorrow same time?'),
      bCorrects(
        'Tomorrow is fine! "your understand" → "your understanding", and we\'d say "at the same time tomorrow".',
      ),
      a(
        'Thank you for your understanding! 내일은 꼭 지킬게요.',
        'At the same time tomorrow. 이해해 주셔서 감사해요!',
      ),
      b('괜찮아요. 저도 지난달에 약속을 바꾸었어요. 우리는 비겼어요 라고 말할 수 있어요?'),
      a(
        "ㅎㅎ 네, 말할 수 있어요! '이제 비긴 거예요'라고 하면 더 자연스러워요.",
        "하하, 좋아요! 보통 '이제 비겼네요'라고 해요.",
      ),
      b('이제 비겼네요! Good luck with your meeting.', "그럼 내일 만나요! Don't work too late 🌙"),
    ],
    englishOpens: [
      a(
        "I'm so sorry, I overslept and missed our call! 정말 미안해요 😣",
        '미안해요! 알람을 못 들었어요. Can we try again later?',
      ),
      b('괜찮아요! I waited you for ten minutes, and then I made dinner.'),
      aCorrects('Sorry again! "I waited you" → "I waited for you". 저녁은 뭐 먹었어요?'),
      b(
        '된장찌개를 먹었어요. 그럼 한 시간 뒤에 할까요?',
        'I waited for you! 비빔국수를 먹었어요 ㅎㅎ 30분 뒤에 어때요?',
      ),
      a('네, 좋아요! 이번에는 약속을 잊어 않을게요.'),
      bCorrects('ㅎㅎ 믿을게요! "잊어 않을게요" → "잊지 않을게요"예요. \'-지 않다\'라고 해요.'),
      a("잊지 않을게요! I've set three alarms ⏰", '잊지 않을게요. 늦지 않을게요. 자지 않을게요!'),
      b('좋아요, 이따 봐요!', 'Perfect grammar 👏 See you soon!'),
    ],
  },
  {
    id: 'video-call',
    koreanOpens: [
      a(
        '다음에는 채팅 말고 영상 통화를 해 볼까요? 말하기 연습을 더 하고 싶어요.',
        '혹시 영상 통화 괜찮으세요? 얼굴 보면서 이야기하고 싶어요.',
      ),
      b(
        "I'd like that! I'm a bit shy at first, though. 제 한국어가 느려요.",
        'Sure, why not? 조금 부끄럽지만 좋아요!',
      ),
      a("Don't worry, I am also shy. I will prepare some topics before we will meet."),
      bCorrects('Great idea! "before we will meet" → "before we meet". After before and when, no will.'),
      a(
        "Before we meet. 그럼 주제는 '내가 좋아하는 장소' 어때요?",
        "아, before 뒤에는 현재! 그럼 '요즘 배우는 것'으로 할까요?",
      ),
      b('좋아요. 사진도 준비할게요. 근데 제 방이 더럽어요.'),
      aCorrects('ㅎㅎ 제 방도요! "더럽어요" → "더러워요"예요. 이것도 ㅂ 불규칙이에요.'),
      b('더러워요! Then I have until Saturday to clean 🧹', "더러워요… I'll point the camera at the wall 😂"),
    ],
    englishOpens: [
      a(
        'Thanks for the call yesterday! 말을 많이 못 했지만 재미있었어요.',
        '어제 통화 즐거웠어요! You speak so clearly.',
      ),
      b("저도 정말 즐거웠어요! I was nervous so I couldn't hear well what did you say."),
      aCorrects('You did great! In the middle of a sentence: "what did you say" → "what you said".'),
      b(
        'What you said! 다음에는 더 천천히 말해 주세요 ㅎㅎ',
        '간접 의문문은 순서가 다르죠. 알려 줘서 고마워요!',
      ),
      a('물론이에요! 저도 천천히 말하면 더 잘 이해해요. 다음에 언제 만날래요? 저는 아무 때나 좋게요.'),
      bCorrects('저도요! "아무 때나 좋게요" → "아무 때나 좋아요"예요.'),
      a("아무 때나 좋아요! Let's say Thursday, then.", '그럼 목요일 같은 시간에 봐요. 아무 때나 좋아요!'),
      b('목요일 좋아요! I will prepare some questions 😊', 'Thursday it is! 이번에는 제가 먼저 전화할게요.'),
    ],
  },
  {
    id: 'monthly-review',
    koreanOpens: [
      a(
        '우리가 같이 공부한 지 벌써 한 달이 됐어요! 그동안 감사했어요.',
        '벌써 열 번째 수업이에요. 시간이 정말 빠르네요!',
      ),
      b(
        "Time flies! You've improved so much. 저는 어때요?",
        'Already? Your writing has really come on. 제 한국어도 늘었어요?',
      ),
      a(
        'Thank you! Your Korean improved a lot, too. Especially you can make long sentences now than before.',
      ),
      bCorrects(
        'That makes me so happy! "make long sentences now than before" → "make longer sentences now than before".',
      ),
      a(
        'Longer sentences than before! 다음 달 목표는 뭐로 할까요?',
        '아직도 비교급에서 틀리네요 ㅎㅎ 다음 달에는 뭘 하고 싶으세요?',
      ),
      b('저는 한국어로 짧은 글을 쓰고 싶어요. 매주 한 개 글을 쓸게요.'),
      aCorrects('멋진 목표예요! "한 개 글을" → "글을 한 편"이라고 해요. 글은 \'편\'으로 세요.'),
      b('매주 글을 한 편 쓸게요. Will you correct them all? 😅', '글 한 편, 책 한 권, 종이 한 장! 알겠어요.'),
    ],
    englishOpens: [
      a(
        "I counted: we've exchanged over a thousand messages! 믿을 수 없어요!",
        '우리 첫 메시지를 다시 읽었어요. My Korean was so bad 😂',
      ),
      b('저도 읽어 봤어요 ㅎㅎ My English was also terrible. Now I can to speak without dictionary.'),
      aCorrects(
        'You certainly can! "I can to speak" → "I can speak". And "without a dictionary". 자랑스러워요!',
      ),
      b('다 선생님 덕분이에요! 앞으로도 잘 부탁드려요.', '감사해요! You are the best partner.'),
      a('저도 잘 부탁드려요. 우리 올해 안에 꼭 만날 수 있으면 합니다. 제가 서울에 가는 것을 계획이에요.'),
      bCorrects('정말요? 너무 기대돼요! "가는 것을 계획이에요" → "갈 계획이에요"라고 해요.'),
      a('서울에 갈 계획이에요! In October, if all goes well.', '갈 계획이에요. Will you show me around?'),
      b('당연하죠! 제가 맛있는 집을 많이 알아요 🙌', "오시면 제가 안내할게요. I can't wait!"),
    ],
  },
];
