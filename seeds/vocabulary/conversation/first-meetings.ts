import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

/** What a room begins with: two people who were just matched. Polite. */
export const firstMeetings: readonly Topic[] = [
  {
    id: 'first-hello',
    koreanOpens: [
      a(
        '안녕하세요! 매칭돼서 반가워요. 프로필 보고 연락드렸어요.',
        '안녕하세요 :) 프로필이 인상적이어서 먼저 인사드려요!',
      ),
      b(
        'Hello! Nice to meet you. 저는 한국어를 일 년 배웠어요. How long have you studied English?',
        'Hi there! 반가워요 😊 저는 한국어를 일 년 배웠어요. What about your English?',
      ),
      a('I studied English since ten years, but speaking is still hard for me.'),
      bCorrects(
        'Your English is really good! One small thing: "since ten years" → "for ten years". Since goes with a starting point, like "since 2015".',
      ),
      a(
        'Oh, I always mix those two. Thank you! 편하게 한국어로도 물어보세요.',
        "Thanks, that's clear now! 한국어는 어떤 게 제일 어려우세요?",
      ),
      b('저는 조사를 제일 어려워요. 은/는, 이/가 are a mystery to me.'),
      aCorrects(
        '다들 거기서 고생하세요 ㅎㅎ "조사를 제일 어려워요" → "조사가 제일 어려워요". 어렵다 앞에는 이/가를 써요.',
      ),
      b(
        "아, 조사가 제일 어려워요! 고마워요. Let's talk again tomorrow?",
        '조사가… 제일 어려워요. 맞죠? 😅 Thank you, talk soon!',
      ),
    ],
    englishOpens: [
      a(
        "Hi! I saw that you like cooking and that you're learning English. Would you like to practise together?",
        "Hello! We have a few interests in common, so I thought I'd say hi 👋",
      ),
      b("안녕하세요, 먼저 연락 주셔서 감사해요! Yes, I am agree. Let's practice together."),
      aCorrects('Great! A tip to start with: "I am agree" → "I agree". It\'s a verb on its own.'),
      b(
        "아, 한국어로는 '동의해요'라서 헷갈렸어요. Thank you! 그런데 한국어는 왜 배우세요?",
        'I agree! 이제 안 잊어버릴게요 ㅎㅎ 한국어는 어떻게 시작하셨어요?',
      ),
      a('한국 음악을 좋아해서 시작했어요. 그리고 작년에 부산을 갔어요.'),
      bCorrects('부산에 가셨군요! "부산을 갔어요" → "부산에 갔어요"가 자연스러워요. 장소에는 \'에\'를 써요.'),
      a(
        '부산에 갔어요, got it. Which part of Korea do you live in?',
        "아하, 장소에는 '에'! Thank you. And where do you live?",
      ),
      b(
        'I live near Seoul with my parents and one dog. 다음에 사진 보여 드릴게요!',
        'I live near Seoul. It takes one hour to the city. 다음에 동네 이야기도 해 드릴게요.',
      ),
    ],
  },
  {
    id: 'why-this-language',
    koreanOpens: [
      a('안녕하세요! 혹시 지금 잠깐 이야기할 시간 있으세요?', '안녕하세요, 오늘 하루 어떠셨어요?'),
      b(
        "네, 괜찮아요! I just finished work. Can I ask why you're learning English?",
        "좋아요! I'm just having a cup of tea. So, why English?",
      ),
      a('Because I want to work in abroad someday. Maybe in two or three years.'),
      bCorrects('That\'s a lovely goal! "work in abroad" → "work abroad". No preposition is needed there.'),
      a(
        "Work abroad, work abroad… I'll remember. 왜 한국어를 선택하셨어요?",
        'Noted ✍️ 저도 궁금해요. 왜 한국어예요?',
      ),
      b('제 할머니가 한국 사람이에요. 할머니하고 한국어로 말하고 싶어서 배워요.'),
      a(
        '정말 멋진 이유네요! 할머니께서 아주 좋아하시겠어요.',
        '와, 감동이에요. 할머니께서 분명히 기뻐하실 거예요.',
      ),
      b(
        "감사합니다 😊 I'd love to practise what I can say to her. Next time?",
        '네! Could you teach me some polite phrases for her next time?',
      ),
    ],
    englishOpens: [
      a(
        'Good evening! Is it a good time to chat?',
        "Hi! Hope I'm not bothering you. Are you free for a few minutes?",
      ),
      b("네, 지금 괜찮아요. I am free until nine o'clock. What do you do for living?"),
      aCorrects(
        'Perfect. Just so you know, "for living" → "for a living". I\'m a primary school teacher, and you?',
        'Lovely. A small one: "for living" → "for a living". I teach maths at a school. And you?',
      ),
      b('For a living! 저는 병원에서 일해요. 간호사예요. 그래서 영어로 환자를 도와주고 싶어요.'),
      a('와, 대단해요! 힘들은 일이죠?'),
      bCorrects('맞아요, 가끔 힘들어요 ㅎㅎ 그런데 "힘들은 일" → "힘든 일"이라고 해요. ㄹ이 빠져요.'),
      a(
        '힘든 일… That ㄹ keeps disappearing on me. 고마워요!',
        '아, 힘든 일! One more rule for my notebook 📓',
      ),
      b(
        'You learn very fast! 다음에는 ㄹ 불규칙을 같이 연습해요.',
        '금방 익숙해지실 거예요. See you tomorrow, then!',
      ),
    ],
  },
  {
    id: 'rules-of-exchange',
    koreanOpens: [
      a(
        '우리 연습 방법을 정해 볼까요? 한 시간 중에 반은 영어, 반은 한국어 어때요?',
        '시작하기 전에 규칙을 정하면 좋을 것 같아요. 어떻게 생각하세요?',
      ),
      b(
        'Good idea! Thirty minutes each. 그리고 틀리면 바로 고쳐 주세요.',
        'Yes please! Half and half sounds fair. 제가 틀리면 꼭 말해 주세요.',
      ),
      a('Okay! If I make mistake, please tell me also. I will not feel bad.'),
      bCorrects('Deal 🤝 First one, then: "make mistake" → "make a mistake". But the rest was perfect.'),
      a(
        'Haha, that was quick. 무슨 요일이 편하세요?',
        '바로 고쳐 주시네요 ㅎㅎ 감사합니다. 언제가 편하세요?',
      ),
      b('수요일하고 토요일에 시간이 많이 있어요. After 8 p.m. in Korea works for me.'),
      a(
        "그럼 수요일 저녁 8시로 해요. '시간이 많이 있어요'도 맞지만 '시간이 많아요'가 더 자연스러워요.",
        "수요일 저녁 8시 좋아요! 참고로 '시간이 많아요'라고 짧게 말해도 돼요.",
      ),
      b(
        '네, 알겠습니다! Wednesday at eight it is. 그때 봐요 👋',
        '시간이 많아요. 좋아요! See you on Wednesday 😊',
      ),
    ],
    englishOpens: [
      a(
        'Before we start, how do you like to be corrected? Right away, or at the end?',
        'Quick question: should I correct you while we chat, or afterwards?',
      ),
      b('Right away is good for me. 그리고 천천히 써 주시면 더 좋아요.'),
      a(
        "좋아요. I'll keep it slow. 저도 똑같이 해 주세요.",
        'Okay! Slowly and right away. 저한테도 그렇게 해 주세요.',
      ),
      b("Sure. By the way, let's discuss about our schedule. I can do it in Friday night."),
      aCorrects(
        'Two little things: "discuss about our schedule" → "discuss our schedule", and it\'s "on Friday night". Friday is great for me!',
      ),
      b(
        'Ah, on Friday night. 감사합니다. 금요일 밤 9시 괜찮으세요?',
        '하나씩 고쳐 주시니까 좋네요. 금요일 9시 어떠세요?',
      ),
      a('네, 괜찮아요. 제가 캘린더에 쓸게요.', '9시 좋아요! 바로 캘린더에 넣을게요.'),
      b(
        "Great! '캘린더에 적을게요'라고도 많이 해요. See you on Friday!",
        '완벽해요 👍 Then see you on Friday night.',
      ),
    ],
  },
];
