import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const outdoorTopics: readonly Topic[] = [
  {
    id: 'photography',
    koreanOpens: [
      a(
        '주말에 단풍 사진을 찍으러 다녀왔어요. 산이 온통 빨갛더라고요 🍁',
        '요즘 사진 찍는 재미에 빠졌어요. 하늘이 예쁜 계절이에요.',
      ),
      b(
        "I'd love to see your pictures! 카메라로 찍어요, 휴대폰으로 찍어요?",
        'Autumn light is the best. 어디에서 찍었어요?',
      ),
      a('I take picture by my phone. My camera is too heavy to bring it.'),
      bCorrects(
        'Phones are great now. "take picture by my phone" → "take pictures with my phone", and no "it" at the end.',
      ),
      a(
        'With my phone! 감사해요. 사진 찍는 거 좋아하세요?',
        '아, with! 도구에는 with를 쓰는군요. 그쪽은 뭘 자주 찍으세요?',
      ),
      b('네, 꽃과 고양이를 자주 찍어요. 어제는 예쁜 고양이가 봤어요.'),
      aCorrects(
        '길고양이였나요? "고양이가 봤어요" → "고양이를 봤어요"예요. 안 그러면 고양이가 본 거예요 ㅎㅎ',
      ),
      b('고양이를 봤어요! Well, the cat saw me too 🐈', '하하, 고양이를 봤어요. 서로 봤어요!'),
    ],
    englishOpens: [
      a(
        'I got up at five to photograph the sunrise. 조금 추웠지만 아름다웠어요!',
        "오늘 해가 뜨는 사진을 찍었어요 🌅 I'm so sleepy now.",
      ),
      b('우와, 부지런하시네요! I have never saw the sunrise in this year.'),
      aCorrects(
        'You should try it once! "I have never saw" → "I have never seen", and we say "this year" without in.',
      ),
      b(
        'I have never seen it… 새해에는 바다에 가서 보려고 해요. 한국 사람들은 새해 첫날에 해를 보러 가요.',
        '새해 첫날에는 많은 사람이 해돋이를 보러 가요!',
      ),
      a('재미있는 문화네요. 저도 친구하고 갈 거면 좋겠어요.'),
      bCorrects('꼭 가 보세요! "갈 거면 좋겠어요" → "가면 좋겠어요" 또는 \'갔으면 좋겠어요\'예요.'),
      a(
        "저도 가면 좋겠어요! Maybe next New Year's Day.",
        '갔으면 좋겠어요. The past for a wish, interesting!',
      ),
      b(
        '소원도 빌어 보세요 ✨ Good night, early bird!',
        'Yes, 소원을 빌 때 과거를 많이 써요. 오늘은 푹 주무세요!',
      ),
    ],
  },
  {
    id: 'running',
    koreanOpens: [
      a(
        '저 다음 달에 10킬로미터 달리기 대회에 나가요! 처음이에요.',
        '요즘 저녁마다 한강에서 달려요 🏃 기분이 상쾌해요.',
      ),
      b(
        'Amazing! How is the training going? 저는 5분만 뛰어도 힘들어요.',
        "I'm impressed! 일주일에 몇 번 뛰어요?",
      ),
      a('I run three times in a week. Yesterday my knee was hurt so I took a rest.'),
      bCorrects(
        'Look after yourself! "three times in a week" → "three times a week". And "my knee hurt" is enough.',
      ),
      a(
        'Three times a week. 무릎은 이제 괜찮아요. 운동 좋아하세요?',
        '고마워요, 오늘은 안 아파요! 혹시 하시는 운동 있으세요?',
      ),
      b('네, 저는 수영을 놀아요. 물에서는 무릎이 안 아파요.'),
      aCorrects('수영 좋죠! "수영을 놀아요" → "수영을 해요"예요. 운동에는 \'놀다\'를 안 써요.'),
      b(
        '수영을 해요, 축구를 해요, but 피아노를 쳐요. Okay!',
        '아하, 수영을 해요! English "play" tricked me.',
      ),
    ],
    englishOpens: [
      a(
        "I'm thinking of joining a yoga class. 제 몸은 나무처럼 딱딱해요.",
        "요가를 시작하고 싶어요! But I can't even touch my toes.",
      ),
      b('저도 처음엔 그랬어요 ㅎㅎ I go to yoga class after I finished my work usually.'),
      aCorrects('Nice routine! "after I finished my work usually" → "usually after work". 어렵지 않아요?'),
      b(
        '천천히 하면 괜찮아요. 숨 쉬는 게 제일 중요해요.',
        '처음 한 달은 좀 힘들어요. 그다음부터 재미있어요!',
      ),
      a('알겠어요. 월요일부터 다음 요가를 배울 거예요. 옷은 뭐를 입어요?'),
      bCorrects('편한 옷이면 돼요. "월요일부터 다음" → "다음 주 월요일부터"라고 하면 정확해요.'),
      a(
        '다음 주 월요일부터 배울 거예요. No more excuses!',
        "다음 주 월요일부터! I'll let you know if I survive.",
      ),
      b('화이팅! 물도 꼭 챙기세요 💧', 'Breathe in, breathe out 🧘 잘하실 거예요!'),
    ],
  },
  {
    id: 'dogs-and-cats',
    koreanOpens: [
      a(
        '우리 강아지가 오늘 두 살이 됐어요! 고구마 케이크를 만들어 줬어요 🐶',
        '오늘은 우리 집 강아지 생일이에요. 사진 보여 드릴까요?',
      ),
      b(
        'Happy birthday to your dog! 이름이 뭐예요?',
        'Yes please! 강아지 이름이 뭐예요? Is it big or small?',
      ),
      a('Her name is Bori, it means barley. She is very afraid thunder.'),
      bCorrects('Poor Bori! "afraid thunder" → "afraid of thunder". My cat hides under the bed, too.'),
      a(
        'Afraid of thunder. 고양이 키우시는군요! 몇 살이에요?',
        '아, of를 빼먹었네요. 고양이 이야기 좀 해 주세요!',
      ),
      b('제 고양이는 열두 살 있어요. 하루 종일 자요.'),
      aCorrects('할머니 고양이네요 ㅎㅎ 나이는 "열두 살 있어요" → "열두 살이에요"라고 해요.'),
      b('열두 살이에요. Grandma deserves her naps 😺', '아, 열두 살이에요! She says hello to Bori.'),
    ],
    englishOpens: [
      a(
        'We adopted a puppy yesterday and nobody slept 😂 너무 귀여워요!',
        '어제 강아지가 우리 집에 왔어요! He has eaten one of my slippers already.',
      ),
      b('축하해요! My dog also bited everything when he was baby.'),
      aCorrects(
        'It\'s good to know it\'s normal. "bited" → "bit". An odd verb: bite, bit, bitten. 언제 괜찮아졌어요?',
      ),
      b(
        '한 살쯤 되니까 얌전해졌어요. 장난감을 많이 주세요!',
        'He bit my homework too. 육 개월쯤 지나면 나아져요.',
      ),
      a("다행이에요. 강아지에게 '앉아'를 가르쳐요. 하지만 듣지 않고 나를 핥아요. 제가 화나지 못해요."),
      bCorrects('그 얼굴을 보면 그렇죠 ㅎㅎ "화나지 못해요" → "화를 못 내요" 또는 \'화낼 수가 없어요\'예요.'),
      a('화를 못 내요. He knows exactly what he is doing.', '화낼 수가 없어요! My life in one sentence.'),
      b(
        '사진 많이 보내 주세요 🐾 Good luck with the slippers!',
        '저는 다 이해해요. Hide your shoes tonight!',
      ),
    ],
  },
];
