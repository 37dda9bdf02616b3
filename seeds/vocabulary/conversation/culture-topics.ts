import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const cultureTopics: readonly Topic[] = [
  {
    id: 'autumn-holiday',
    koreanOpens: [
      a('다음 주가 추석이에요. 벌써 기차표가 다 매진됐어요.', '곧 추석이라서 할머니 댁에 내려가요 🌕'),
      b(
        'Is that the harvest festival? 추석에는 보통 뭐 해요?',
        'Have a good trip! How many days do you stay? 가족이 다 모여요?',
      ),
      a('All my relatives are gathering and we make songpyeon. My grandmother makes it the most delicious.'),
      bCorrects(
        'I\'d love to taste it! "makes it the most delicious" → "makes the most delicious ones". Is it sweet?',
      ),
      a(
        'Yes, sesame and honey inside! 거기에도 비슷한 명절이 있어요?',
        '네, 달고 쫄깃해요. 거기는 가족이 다 모이는 날이 언제예요?',
      ),
      b('네, 크리스마스예요. 가족을 모두 모여서 칠면조를 먹어요.'),
      aCorrects('맛있겠네요! "가족을 모두 모여서" → "가족이 모두 모여서"예요.'),
      b(
        '가족이 모두 모여서 먹어요. 그리고 또 먹어요 😄 Happy Chuseok!',
        '가족이! Thank you. 즐거운 추석 보내세요!',
      ),
    ],
    englishOpens: [
      a(
        "We're putting up the Christmas tree tonight. 한국에서도 크리스마스를 해요?",
        "It's December already! 크리스마스에 한국 사람들은 뭐 해요?",
      ),
      b('네, 공휴일이에요. But it is more like the day for couple. Me and my friends eats cake at home.'),
      aCorrects(
        'Cake sounds perfect. "Me and my friends eats" → "My friends and I eat". 케이크는 어디에서 사요?',
      ),
      b(
        '빵집에서 미리 예약해요. 12월에는 케이크 종류가 정말 많아요.',
        'My friends and I eat strawberry cake! 딸기 케이크가 제일 인기예요 🍓',
      ),
      a('딸기요? 겨울에요? 여기에서는 여름에 딸기가 있어요. 한국이 다르네요.'),
      b(
        "네, 한국에서는 겨울이 딸기 철이에요. '한국은 다르네요'라고 하면 비교하는 느낌이 더 살아요.",
        "신기하죠? 비교할 때는 '한국은 다르네요'가 더 자연스러워요.",
      ),
      a(
        '한국은 다르네요. Strawberries in the snow, I want to see that.',
        '아, 은/는 for comparing! 감사합니다.',
      ),
      b('겨울에 한국에 오시면 딸기 사 드릴게요. Merry Christmas!', '언젠가 같이 먹어요. Enjoy the tree 🎄'),
    ],
  },
  {
    id: 'new-year',
    koreanOpens: [
      a('새해 복 많이 받으세요! 올해 계획 세우셨어요?', '새해가 밝았네요! 새해 복 많이 받으세요 🎍'),
      b(
        'Happy New Year! I want to read twelve Korean books. 계획이 뭐예요?',
        '새해 복 많이 받으세요! Do you have any resolutions?',
      ),
      a(
        'My resolution is to wake up early and to not drink coffee at night. But already I failed it at two days.',
      ),
      bCorrects('Haha, same every year! "failed it at two days" → "failed after two days".'),
      a(
        "Failed after two days. 한국에는 '작심삼일'이라는 말이 있어요. 결심이 삼 일 간다는 뜻이에요.",
        "그래서 '작심삼일'이라고 해요. A resolution lasts three days!",
      ),
      b('작심삼일! 정말 유용하는 말이에요.'),
      aCorrects('저한테 꼭 필요한 말이죠 ㅎㅎ "유용하는 말" → "유용한 말"이에요. 형용사니까요.'),
      b(
        "유용한 말! Let's fail and start again every three days, then.",
        '유용한 말이에요. 삼 일마다 다시 시작하면 돼요!',
      ),
    ],
    englishOpens: [
      a(
        "What do people eat on New Year's Day in Korea? 저는 파티 음식을 너무 많이 먹었어요.",
        '새해에 뭐 먹었어요? We had leftovers for three days.',
      ),
      b('떡국을 먹어요! If you eat it, you become one year more old.'),
      aCorrects('That\'s a good reason to skip it 😂 "one year more old" → "one year older". 맛이 어때요?'),
      b(
        '국물이 담백하고 떡이 쫄깃해요. 저는 두 그릇 먹었어요!',
        '따뜻하고 부드러워요. One year older every time!',
      ),
      a('두 그릇을 먹으면 두 살이에요? 저는 안 먹기를 좋겠어요.'),
      bCorrects('하하, 그러면 저는 할머니가 됐겠어요. "안 먹기를 좋겠어요" → "안 먹는 게 좋겠어요"예요.'),
      a('안 먹는 게 좋겠어요. Stay young forever!', "안 먹는 게 좋겠어요… but I'm curious!"),
      b('한 그릇은 괜찮아요 😄 Happy New Year!', '올해도 같이 열심히 공부해요. Happy New Year!'),
    ],
  },
  {
    id: 'honorifics',
    koreanOpens: [
      a(
        '오늘은 높임말 연습을 해 볼까요? 질문 있으면 뭐든지 물어보세요.',
        '지난번에 높임말이 어렵다고 하셨죠? 오늘 같이 해 봐요!',
      ),
      b('Yes please. 할머니에 대해서 말해 볼게요. 할머니가 밥을 먹어요.'),
      aCorrects(
        '좋아요! 할머니께는 "할머니가 밥을 먹어요" → "할머니께서 진지를 드세요"라고 해요. 다 바뀌죠?',
      ),
      b('Everything changed! 그럼 잠을 자다는요?', "Wow, not one word survived 😂 '자다'도 달라요?"),
      a('\'주무시다\'예요. We also have honorific expressions in English? Like "would you"?'),
      bCorrects(
        'We do, just fewer. As a question, "We also have honorific expressions" → "Do we also have honorific expressions". And yes: "would", "could", "may I".',
      ),
      a(
        'Do we also have… 질문은 순서가 바뀌죠. 자꾸 잊어버려요.',
        'May I borrow your pen? 이런 게 공손한 거죠?',
      ),
      b(
        'Exactly! 영어는 단어가 아니라 문장 전체를 바꿔요. 오늘 많이 배웠어요.',
        'Yes, indeed. 할머니께서 주무세요, may I whisper? 😄',
      ),
    ],
    englishOpens: [
      a(
        "I called my friend's mother 너 by accident. 너무 창피했어요 😱",
        '실수했어요! 친구 어머니께 반말을 했어요.',
      ),
      b("괜찮아요, 외국인이라서 이해하셨을 거예요. She didn't get angry, isn't it?"),
      aCorrects(
        'No, she laughed a lot. By the way, "isn\'t it" → "did she". The tag follows the verb: she didn\'t, did she?',
      ),
      b(
        "She didn't, did she? 꼬리말이 어렵네요. 어머니는 뭐라고 부르셨어요?",
        '태그 질문은 늘 어려워요. 그래서 뭐라고 하셨어요?',
      ),
      a('그냥 웃었어요. 그럼 친구 어머니를 무엇으로 불러야 돼요?'),
      bCorrects('\'어머님\'이라고 하면 돼요. 그리고 "무엇으로 불러야" → "뭐라고 불러야"라고 해요.'),
      a('뭐라고 불러야 돼요? 어머님. Got it, never 너 again!', '어머님! Much safer. 고마워요.'),
      b(
        "다음에는 칭찬받으실 거예요 😊 Don't worry too much.",
        'She will be happy to hear it. 내일 또 연습해요!',
      ),
    ],
  },
  {
    id: 'idioms',
    koreanOpens: [
      a(
        '오늘 영어 숙어를 하나 배웠어요. "a piece of cake"! 케이크 한 조각이 왜 쉽다는 뜻이에요?',
        '"Piece of cake"라는 표현이 재미있어요. 한국어에는 \'누워서 떡 먹기\'가 있어요.',
      ),
      b(
        'Nobody really knows! 쉽고 달아서 그런가 봐요. Can you make a sentence with it?',
        'Really? Eating rice cake lying down? Now use ours in a sentence!',
      ),
      a('The math test was piece of cake for me when I was student.'),
      bCorrects(
        'Nearly! "was piece of cake" → "was a piece of cake", and "when I was a student". Don\'t let those little a\'s escape.',
      ),
      a(
        'It was a piece of cake! 관사는 케이크처럼 쉽지 않네요 ㅎㅎ',
        'Articles are not a piece of cake 😂 한국어 속담 아는 거 있으세요?',
      ),
      b("'호랑이도 제 말 하면 온다'를 알아요. 어제 친구 이야기를 하는데 친구가 왔어! 딱 그랬어요."),
      aCorrects('완벽한 상황이네요! 다만 우리끼리는 "친구가 왔어!" → "친구가 왔어요!"라고 끝을 맞춰 주세요.'),
      b(
        '친구가 왔어요! In English we say "speak of the devil". 호랑이 is nicer 🐯',
        '아, 요! I forgot. 우리는 악마가 오고, 한국은 호랑이가 와요.',
      ),
    ],
    englishOpens: [
      a(
        'My Korean friend said 배가 아프다 when I won a prize. Was she ill?',
        "'배가 아프다'가 무슨 뜻이에요? My friend said it and laughed.",
      ),
      b('하하, 부럽다는 뜻이에요! When my cousin buys a land, my stomach hurts. It is our proverb.'),
      aCorrects(
        'So it\'s envy! I see. One detail: "buys a land" → "buys land". Land has no a. 친구가 부러웠어요?',
      ),
      b('네, 장난으로 말한 거예요. 걱정하지 마세요.', 'Yes, envy as a joke! 친한 사이에서만 써요.'),
      a('이제 알아요! 오늘 제 친구가 새 자전거를 샀어요. 제 배는 아파요.'),
      bCorrects(
        '바로 쓰시네요 👏 "제 배는 아파요" → "배가 아파요"라고 하면 더 자연스러워요. 몸에는 \'제\'를 잘 안 써요.',
      ),
      a('배가 아파요! My new favourite phrase.', "배가 아파요. No 'my' for body parts, noted."),
      b('진짜 아프면 병원에 가셔야 해요 ㅎㅎ', "Just don't say it to your doctor 😄 오늘도 잘하셨어요!"),
    ],
  },
  {
    id: 'pronunciation',
    koreanOpens: [
      a(
        '영어 발음 중에 r하고 l이 제일 어려워요. 계속 연습하는데 잘 안돼요.',
        '오늘 회사에서 "rice"를 "lice"라고 말해서 다들 웃었어요 😭',
      ),
      b(
        "It happens to everyone! Your tongue shouldn't touch anything for r. 천천히 해 보세요.",
        "Oh no! For r, curl your tongue back a little. 저는 'ㅓ'가 제일 어려워요.",
      ),
      a('Light, right. I practiced it front of the mirror thirty minutes.'),
      bCorrects(
        'I could hear a difference in your voice message! "front of the mirror" → "in front of the mirror".',
      ),
      a(
        "In front of the mirror! 이제 한국어 발음 해 볼까요? '어머니' 읽어 보세요.",
        "감사해요! 이제 제 차례네요. '오'하고 '어'를 연습해 봐요.",
      ),
      b('네! 제 발음을 들어줘서 말해 주세요. 음성 메시지를 보낼게요.'),
      aCorrects('좋아요! "들어줘서 말해 주세요" → "들어 보고 말해 주세요"라고 해요. 기다릴게요.'),
      b('들어 보고 말해 주세요. Recording now 🎙️', "들어 보고! Okay, please don't laugh."),
    ],
    englishOpens: [
      a(
        'Can you hear the difference between 달, 딸 and 탈? 저는 다 똑같아요!',
        '오늘 선생님이 달, 딸, 탈을 말하셨어요. I heard 달, 달, 달 😂',
      ),
      b('ㅎㅎ 많이들 그러세요. Put your hand front your mouth. With 탈 you feel the air.'),
      aCorrects('I feel it! "front your mouth" → "in front of your mouth". 그럼 딸은요?'),
      b('딸은 바람이 거의 안 나와요. 목에 힘을 주고 짧게 말해 보세요.', 'No air for 딸! 목에 힘을 주세요.'),
      a('달, 딸, 탈. 이제 조금 들어요. 하지만 말하기는 아직 어려워요.'),
      bCorrects('잘하고 계세요! 소리가 귀에 들어올 때는 "조금 들어요" → "조금 들려요"라고 해요.'),
      a(
        '조금 들려요! 보다, 보이다. 듣다, 들리다. Is it the same idea?',
        '들려요, like 보여요? The passive kind?',
      ),
      b('네, 바로 그거예요 👏 You have good ears!', 'Exactly! 매일 5분씩 들으면 금방 좋아질 거예요.'),
    ],
  },
];
