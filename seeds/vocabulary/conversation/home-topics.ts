import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const homeTopics: readonly Topic[] = [
  {
    id: 'houseplants',
    koreanOpens: [
      a(
        '작년에 산 화분에 드디어 꽃이 폈어요 🌸 보여 드리고 싶었어요!',
        '베란다에 상추를 심었는데 벌써 먹을 수 있어요.',
      ),
      b(
        'Congratulations! I kill every plant I touch. 비밀이 뭐예요?',
        'Wow, how did you do it? 제 식물은 다 죽었어요 😢',
      ),
      a('You should give water them only when the soil is dry.'),
      bCorrects(
        'So that\'s what I did wrong. By the way, "give water them" → "water them". Water is a verb too!',
      ),
      a(
        'Oh, water can be a verb! 영어는 편리하네요. 어떤 식물을 키우셨어요?',
        "I didn't know that. 무슨 식물이었어요?",
      ),
      b('선인장을 키웠어요. 물을 너무 많이 줬어서 죽었어요.'),
      aCorrects(
        '선인장은 물을 조금만 줘야 해요 ㅎㅎ "줬어서" → "줘서"예요. \'-아서/어서\' 앞에는 과거를 안 써요.',
      ),
      b(
        '물을 너무 많이 줘서 죽었어요. Rest in peace, little cactus 🌵',
        '아하! 많이 줘서. 다음에는 조심할게요.',
      ),
    ],
    englishOpens: [
      a(
        "I've started growing herbs on my windowsill. 바질이 아주 작아요.",
        '오늘 바질을 샀어요! My kitchen smells like summer.',
      ),
      b('바질 좋죠! My mother is growing many vegetables in the rooftop.'),
      aCorrects(
        'How nice! On top of a building we say "in the rooftop" → "on the rooftop". What does she grow?',
      ),
      b(
        '고추, 상추, 토마토, 그리고 깻잎이요. 여름에는 거의 안 사 먹어요.',
        'On the rooftop! 고추랑 상추를 많이 키우세요.',
      ),
      a('맛있겠어요. 깻잎은 무엇 맛이에요?'),
      bCorrects(
        '향이 강한 잎이에요. 고기랑 같이 먹어요. 그리고 "무엇 맛이에요" → "무슨 맛이에요"라고 물어봐요.',
      ),
      a(
        '무슨 맛, 무슨 색, 무슨 요일. Got it! 언젠가 먹어 보고 싶어요.',
        "아, 무슨! 고마워요. I'll look for it at the Korean market.",
      ),
      b(
        '꼭 드셔 보세요! It tastes a little bit like mint.',
        'Some people hate it, some people love it. 저는 정말 좋아해요.',
      ),
    ],
  },
  {
    id: 'moving-house',
    koreanOpens: [
      a(
        '다음 달에 이사해요. 요즘 짐 정리하느라 정신이 없어요.',
        '드디어 새 집을 구했어요! 다음 달에 이사해요 🎉',
      ),
      b('Congratulations! Is it far from your old place? 집이 커요?', 'How exciting! 회사하고 가까워요?'),
      a('It is more close to my company. But the rent is little expensive.'),
      bCorrects(
        'Sounds worth it. "more close" → "closer", and "a little expensive", because "little expensive" sounds like almost not.',
      ),
      a(
        'Closer, and a little expensive. 감사해요! 이사해 보신 적 있으세요?',
        "'a' 하나로 뜻이 바뀌네요! 그쪽은 이사 자주 하세요?",
      ),
      b('네, 세 번 이사했어요. 책이 너무 많으니까 힘들었어요.'),
      a(
        "책은 정말 무겁죠. 지난 일을 말할 때는 '많아서 힘들었어요'가 더 자연스러워요.",
        "저도 책이 제일 걱정이에요 ㅎㅎ '책이 너무 많아서 힘들었어요'라고 하면 더 좋아요.",
      ),
      b(
        '책이 많아서 힘들었어요! Good luck with the boxes 📦',
        '감사합니다! Tell me if you need a break from packing.',
      ),
    ],
    englishOpens: [
      a(
        'We just moved into our new place and nothing works yet. 불도 없어요!',
        "I'm sitting on a box because we have no chairs yet 😂 어제 이사했어요!",
      ),
      b('고생하셨어요! In Korea, we eat jajangmyeon in the moving day.'),
      aCorrects('I love that. It\'s "in the moving day" → "on moving day", by the way. What is it?'),
      b(
        '검은 소스 국수예요. 이사하면 요리하기 힘드니까 배달시켜 먹어요.',
        'Black bean noodles! 이삿날에는 꼭 시켜 먹어요.',
      ),
      a('맛있겠다! 저도 시키고 먹고 싶어요.'),
      bCorrects('다음에 꼭 드셔 보세요. "시키고 먹고 싶어요" → "시켜 먹고 싶어요"라고 해요.'),
      a("시켜 먹고 싶어요. That's a useful sentence for tonight.", '시켜 먹다, one action. 알겠어요!'),
      b('새 집에서 좋은 일만 있길 바라요 🏠', 'Congratulations on your new home! 얼른 의자부터 사세요 ㅎㅎ'),
    ],
  },
];
