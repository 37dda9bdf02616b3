import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

/** 반말 and plain English, between friends. */
export const friendsAtHome: readonly Topic[] = [
  {
    id: 'late-night-snack',
    koreanOpens: [
      a('야, 지금 밤 11시인데 라면이 너무 먹고 싶어 😭', '나 지금 라면 물 올렸어… 말려 줘'),
      b('Do it!! 인생은 짧아. With an egg?', 'Too late, I can smell it from here 😂 계란 넣어?'),
      a('Of course egg! And cheese also. But tomorrow my face will become big.'),
      bCorrects('Worth it. We\'d say "my face will become big" → "my face will be puffy", cute though lol'),
      a('Puffy! 귀여운 단어네 ㅋㅋ 너는 밤에 뭐 먹어?', 'ㅋㅋㅋ puffy 너무 좋다. 너도 야식 먹어?'),
      b('나는 가끔 시리얼을 먹어. 어제는 세 그릇을 먹어 버렸다요.'),
      aCorrects('세 그릇 ㅋㅋㅋ "먹어 버렸다요" → "먹어 버렸어"! 우리 이제 반말이잖아.'),
      b('먹어 버렸어 ㅋㅋ No regrets. 맛있게 먹어!', '아 맞다, 먹어 버렸어! Enjoy your ramyeon 🍜'),
    ],
    englishOpens: [
      a('I just ate a whole pizza by myself. 후회 안 해!', '혼자 피자 한 판 다 먹었어 🍕 no shame'),
      b('대박 ㅋㅋㅋ 한 판을 다? I am envy you!'),
      aCorrects(
        'Haha, come over next time. "I am envy you" → "I envy you" or "I\'m jealous". 너는 오늘 뭐 먹었어?',
      ),
      b(
        '나는 떡볶이! 오늘 스트레스 받아서 제일 매운 걸로 먹었어.',
        "I'm so jealous! 나는 그냥 김밥 먹었어 ㅠㅠ",
      ),
      a('왜 스트레스를 있어? 무슨 일이야?'),
      bCorrects('그냥 일이 많았어. 근데 "스트레스를 있어" → "스트레스를 받아"라고 해. 받는 거야 ㅋㅋ'),
      a(
        '스트레스를 받아. You receive stress, like a parcel 📦 힘내!',
        "아, 받아! I'd like to return mine, please.",
      ),
      b('고마워 ㅋㅋ 너 때문에 웃는다. Good night!', 'ㅋㅋㅋ 반품 안 돼. 잘 자!'),
    ],
  },
  {
    id: 'drama-binge',
    koreanOpens: [
      a(
        '나 어제 드라마 보다가 새벽 4시에 잤어… 오늘 출근 어떡해',
        '큰일 났다. 새 드라마 시작했는데 멈출 수가 없어 📺',
      ),
      b('Haha, "just one more episode", right? 몇 편 봤어?', 'I know that feeling 😂 무슨 내용이야?'),
      a('I saw eight episodes at once. The main character is so frustrated, I want to shout to him!'),
      bCorrects(
        'Eight!! If he drives you mad, he\'s "so frustrated" → "so frustrating". You\'re the frustrated one.',
      ),
      a(
        'He is so frustrating! 진짜 고구마 백 개 먹은 느낌이야.',
        "아 맞네. He's frustrating, I'm frustrated. 완전 고구마야!",
      ),
      b('고구마? 왜 고구마를 먹어서 느낌이야?', '고구마 느낌이 뭐야? Sweet potato?'),
      a(
        "ㅋㅋㅋ 답답하다는 뜻이야. 목이 막히는 느낌! 반대는 '사이다'야.",
        "답답할 때 '고구마 먹은 것 같아'라고 해. 시원하면 '사이다' ㅋㅋ",
      ),
      b(
        "That's genius. 내 상사는 고구마야. Go to sleep tonight!",
        '오늘 새 단어 두 개 배웠다! 오늘은 일찍 자 ㅋㅋ',
      ),
    ],
    englishOpens: [
      a(
        'Okay, I finished the series. 마지막 화에서 울었어. I need to talk about it!',
        '드라마 다 봤어!! 왜 아무도 안 말했어, that ending?!',
      ),
      b('ㅋㅋㅋ 말하면 재미없잖아! I cried too much that my eyes became fish.'),
      aCorrects('Fish eyes 😂 "cried too much that" → "cried so much that". 둘은 왜 헤어졌어?!'),
      b('나도 이해가 안 돼. 10년을 기다렸는데!', 'So much that! 작가님이 너무했어 ㅠㅠ'),
      a('맞아. 나는 작가에게 화나. 둘이가 결혼해야 돼!'),
      bCorrects('나도 화나! "둘이가 결혼해야" → "둘이 결혼해야"라고 해. \'둘이\'에 이미 다 있어.'),
      a('둘이 결혼해야 돼! Season two, please.', '둘이 결혼해야 돼!! 시즌 2 없으면 나 안 봐.'),
      b('시즌 2 나오면 같이 보자! 팝콘은 내가 준비할게 🍿', "진짜 ㅋㅋ Let's write the ending ourselves."),
    ],
  },
  {
    id: 'exam-week',
    koreanOpens: [
      a('시험 기간인데 갑자기 방 청소가 재미있어 ㅋㅋㅋ', '내일 시험인데 왜 영상만 보고 있지, 나?'),
      b('Classic 😂 무슨 시험이야?', 'Put the phone down! 아니, 대답은 하고.'),
      a("It's statistics. I have to study all chapter until tomorrow. I'm so ruined."),
      bCorrects(
        'You can do it! "study all chapter until tomorrow" → "study all the chapters by tomorrow". Then sleep!',
      ),
      a('By tomorrow. 응… 지금부터 진짜 한다! 너는 시험 없어?', 'By! 알았어. 너는 방학이야?'),
      b('나는 지난주에 끝났어. 시험을 쳤은 후에 사흘 동안 잠만 잤어.'),
      aCorrects('부럽다!! "쳤은 후에" → "친 후에"야. 나도 끝나면 그렇게 잘 거야.'),
      b('시험을 친 후에! Go go go, 파이팅 📚', '친 후에, got it. 이제 핸드폰 꺼!'),
    ],
    englishOpens: [
      a(
        'I have two essays due on Monday and zero words written. 도와줘!',
        '월요일까지 글 두 개 써야 돼. 근데 나는 지금 쿠키를 굽고 있어.',
      ),
      b('ㅋㅋㅋ 쿠키 먼저지! I also always delay my homework to last minute.'),
      aCorrects(
        'We\'re the same! "delay my homework to last minute" → "leave my homework until the last minute". 과제가 많아?',
      ),
      b('이번 주에 발표가 세 개야. 살려 줘.', '응, 이번 학기 과제 폭탄이야 💣'),
      a('폭탄이야? 무서운 단어네. 나는 오늘 도서관에 갈게야. 같이 공부하자, 영상으로!'),
      bCorrects('좋은 생각이다! "갈게야" → "갈 거야" 아니면 \'갈게\'야. 둘 중 하나만.'),
      a("도서관에 갈 거야! Cameras on, phones off. Seven o'clock?", '알았어, 갈게! 일곱 시에 켜자.'),
      b('콜! 일곱 시에 봐.', 'Deal! 쿠키도 보여 줘 🍪'),
    ],
  },
  {
    id: 'part-time-job',
    koreanOpens: [
      a(
        '나 편의점 알바 시작했어! 오늘 첫날인데 다리 아파 죽겠다',
        '오늘 알바하다가 커피 쏟았어. 손님한테 😱',
      ),
      b('Oh no!! 괜찮아? What happened next?', 'Your first week, be kind to yourself! 손님은 화났어?'),
      a('The customer was okay. But my manager stared me and I wanted to cry.'),
      bCorrects('Ouch. "stared me" → "stared at me". You\'ll laugh about it next month, promise.'),
      a('Stared AT me. 진짜 눈에서 레이저 나왔어 ㅋㅋ 너는 알바해 봤어?', 'At me! 너도 실수한 적 있어?'),
      b('나는 영화관에서 일했어. 매일 팝콘을 만드었어. 아직 냄새를 기억해.'),
      aCorrects('ㅋㅋㅋ 팝콘 무료였겠네! "만드었어" → "만들었어"야.'),
      b(
        '매일 팝콘을 만들었어. And ate it, too 🍿 내일은 잘될 거야!',
        '만들었어! Free popcorn for a year. 힘내!',
      ),
    ],
    englishOpens: [
      a(
        'I just got paid for the first time!! 떡볶이 사 줄게, virtually',
        '첫 월급 받았어! I feel so grown-up 😎',
      ),
      b('오 축하해!! In Korea, we buy red underwear to parents with the first salary.'),
      aCorrects(
        'Wait, what?? 😂 Also "buy red underwear to parents" → "buy red underwear for our parents". 진짜야?',
      ),
      b('옛날 전통이야! 요즘은 용돈이나 선물을 드려.', 'ㅋㅋㅋ 진짜야. 지금은 맛있는 거 사 드려!'),
      a('재미있다. 나는 엄마에게 꽃을 사 줬어. 엄마가 기분이 좋이었어.'),
      bCorrects('착하다! "기분이 좋이었어" → "기분이 좋았어"라고 하면 돼. 어른한테는 \'사 드렸어\'고.'),
      a('엄마 기분이 좋았어. 꽃을 사 드렸어. Both fixed!', '엄마한테 꽃을 사 드렸어. 엄마 기분이 좋았어!'),
      b('완벽해! 다음 월급 때는 나한테 사 줘 ㅋㅋ', "백 점! I'm proud of you 💐"),
    ],
  },
  {
    id: 'lazy-sunday',
    koreanOpens: [
      a('오늘 하루 종일 침대에서 안 나갔어. 너는 뭐 해?', '일요일인데 아무것도 하기 싫다… 뭐 해?'),
      b('Same! 나는 소파하고 하나가 됐어.', "Nothing at all, and it's glorious. 밥은 먹었어?"),
      a('I just lied on the bed and watching phone. My mom says I am like a pet.'),
      bCorrects(
        'Ha, a well-fed one! "lied on the bed and watching phone" → "lay in bed watching my phone". Lie, lay, lain. English is cruel.',
      ),
      a(
        'Lie, lay, lain… 침대에서 배우는 영문법 ㅋㅋ 내일 월요일인 거 실화야?',
        '영어 너무해 ㅠㅠ 그래도 배웠다! 저녁 뭐 먹지?',
      ),
      b('나도 귀찮아. 배달을 시켜자!'),
      aCorrects('ㅋㅋㅋ 좋아! "시켜자" → "시키자"야. 치킨 어때?'),
      b(
        '시키자! 나는 여기서, 너는 거기서. Virtual chicken night 🍗',
        '치킨 시키자! This is my best grammar today.',
      ),
    ],
    englishOpens: [
      a(
        "It's raining and I have tea, a blanket and a cat. 완벽한 일요일이야.",
        '오늘은 파자마 데이. 아무도 나를 못 막아!',
      ),
      b("부럽다! I should do the laundries but I'm pretending that I didn't see them."),
      aCorrects(
        'Laundry can wait! "the laundries" → "the laundry", it has no plural, sadly it always grows. 지금 뭐 봐?',
      ),
      b('그냥 멍 때리고 있어.', 'The laundry! 나는 지금 천장 봐 ㅋㅋ 멍 때리는 중.'),
      a("'멍 때리다'가 뭐야? 누구를 때려? 무섭다!"),
      b(
        'ㅋㅋㅋㅋ 아무도 안 때려! 아무 생각 없이 가만히 있는 거야.',
        "아냐 ㅋㅋㅋ 'zone out'이야. 진짜 대회도 있어!",
      ),
      a('I zone out professionally. 나도 지금 멍 때려!', 'A contest?! 나는 금메달이야 🥇'),
      b('ㅋㅋㅋ 같이 나가자. 푹 쉬어!', 'Same team! 내일 얘기하자.'),
    ],
  },
];
