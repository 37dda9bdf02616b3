import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

/** 반말 and plain English, between friends. */
export const friendsOut: readonly Topic[] = [
  {
    id: 'concert-tickets',
    koreanOpens: [
      a('야!!! 나 콘서트 표 구했어!!! 손 떨려', '대박 사건. 티켓팅 성공했다 🎫'),
      b('No way!! 어떻게 했어? I can never get tickets.', 'Congratulations!!! 몇 시간 기다렸어?'),
      a('I waited in the PC room since two hours, and my friend helped me. I feel like flying in the sky!'),
      bCorrects(
        'So happy for you! "since two hours" → "for two hours". We did this one before, remember? 😜',
      ),
      a(
        'For two hours!! 너무 흥분해서 다 까먹었어 ㅋㅋ 너도 콘서트 가 봤어?',
        '앗, 또 틀렸다 ㅋㅋ 너는 공연 자주 가?',
      ),
      b('응, 작년에 한 번 갔어. 근데 앞에 큰 사람이 서서 아무것도 안 봤어.'),
      aCorrects(
        'ㅋㅋㅋ 슬프다. 못 본 거니까 "아무것도 안 봤어" → "아무것도 안 보였어"야. 안 봤으면 네 선택이고!',
      ),
      b(
        '아무것도 안 보였어! I saw one very tall man for two hours.',
        "안 보였어… 노래는 들렸어. That's something 😂",
      ),
    ],
    englishOpens: [
      a(
        "I'm going to a festival this weekend! 텐트에서 자. 비만 안 오면 좋겠다",
        '이번 주말에 음악 축제 가! Camping with my friends ⛺',
      ),
      b("완전 재밌겠다! Who all are you going with? Don't forget the sun cream and rain coat both."),
      aCorrects(
        'Good thinking! "the sun cream and rain coat both" → "both sun cream and a raincoat". 너도 축제 좋아해?',
      ),
      b('좋아하는데 화장실이 무서워 ㅋㅋ', '응! 근데 나는 집에서 씻고 싶은 사람이야…'),
      a('이해해 ㅋㅋ 나도 삼 일 동안 안 씻는 거 싫어. 그래도 음악을 너무 좋아서 참아!'),
      bCorrects('의지가 대단하다! "음악을 너무 좋아서" → "음악이 너무 좋아서"야.'),
      a(
        "음악이 너무 좋아서 참아! That's the festival spirit.",
        "음악이 너무 좋아서! I'll send you a muddy selfie.",
      ),
      b('진흙 사진 꼭 보내 ㅋㅋㅋ', 'Have the best time! 비 오지 마라 ☀️'),
    ],
  },
  {
    id: 'haircut-disaster',
    koreanOpens: [
      a(
        '나 머리 망했어… 조금만 잘라 달라고 했는데 단발이 됐어',
        '미용실 갔다가 울면서 나왔어. 앞머리 어떡해 😭',
      ),
      b('Oh no! Send a picture, 내가 볼게.', 'It grows back, promise! 사진 보여 줘.'),
      a('No way, I look like a mushroom! I cut my hair yesterday and I want to wear a hat to forever.'),
      bCorrects(
        'I bet it\'s cute! "wear a hat to forever" → "wear a hat forever". And if the hairdresser did it: "I had my hair cut".',
      ),
      a(
        'I had my hair cut. 내가 자른 게 아니니까! 너는 그런 적 있어?',
        'Forever, 버섯으로 살아야지 ㅋㅋ 너도 망한 적 있어?',
      ),
      b('응, 열다섯 살에 내가 앞머리를 잘렸어. 엄마가 웃음을 멈추지 못했어.'),
      aCorrects('ㅋㅋㅋㅋ 직접 했으면 "앞머리를 잘렸어" → "앞머리를 잘랐어"! 잘린 건 누가 한 거야.'),
      b(
        '내가 앞머리를 잘랐어. With kitchen scissors 😂 너는 괜찮을 거야!',
        '잘랐어, 잘렸어. Passive hair. 모자 예쁜 거 사!',
      ),
    ],
    englishOpens: [
      a('I dyed my hair blue. 파란색! 엄마는 아직 몰라.', '새 머리 색! Guess: it starts with a B 💙'),
      b('헐 파란색?! Show me please! I also wanted to change color, but my hair is easily damage.'),
      aCorrects(
        'Sending it now. "is easily damage" → "is easily damaged" or "damages easily". 어때? 솔직히 말해!',
      ),
      b('완전 잘 어울려! 만화 주인공 같아 ㅋㅋ', '와, 진짜 예쁘다! You look so cool.'),
      a('고마워! 근데 베개도 파란색이 되었다. 그리고 내 귀도 조금 파란야.'),
      bCorrects('귀까지 ㅋㅋㅋ "파란야" → "파래"야. 파랗다는 좀 특이하지?'),
      a('귀도 조금 파래. My blueberry life begins.', '파래! 빨개, 노래, 하얘도 있지? I studied!'),
      b('응 ㅋㅋ 똑똑해! 엄마한테 들키면 말해 줘.', 'ㅋㅋㅋ 공부 열심히 했네! Good luck with your mom.'),
    ],
  },
  {
    id: 'karaoke-night',
    koreanOpens: [
      a(
        '어제 노래방에서 세 시간 놀았더니 목이 나갔어 🎤',
        '친구들이랑 노래방 갔다 왔어. 목소리가 안 나와 ㅋㅋ',
      ),
      b('Legendary. 무슨 노래 불렀어?', "Three hours? 너 가수야? What's your song?"),
      a('I always sing the sad song. My friends say me, please sing exciting one!'),
      bCorrects(
        'Sad songs are the best ones! "My friends say me" → "My friends tell me". Say it, but tell somebody.',
      ),
      a(
        'They tell me! 근데 슬픈 노래가 고음이 멋있잖아 ㅋㅋ 너는 노래 잘해?',
        'Tell me, say it. 오케이! 너도 노래방 좋아해?',
      ),
      b('아니, 나는 노래하면 개가 짖어. 진짜로. 하지만 춤은 잘 춰는 편이야.'),
      aCorrects('개가 ㅋㅋㅋㅋ "춤은 잘 춰는" → "춤은 잘 추는"이야. 언제 보여 줄 거야?'),
      b('춤은 잘 추는 편이야. Never on camera 💃', '잘 추는 편! 개 앞에서만 춰 ㅋㅋ'),
    ],
    englishOpens: [
      a(
        "There's a Korean karaoke place in our town now!! 같이 가고 싶다",
        "우리 동네에 노래방이 생겼어! I'm practising in the shower.",
      ),
      b('오 진짜? Which song will you sing? You must to record it for me!'),
      aCorrects(
        'Only if you promise not to laugh! "You must to record" → "You must record". 쉬운 한국 노래 추천해 줘!',
      ),
      b('동요부터 시작해 ㅋㅋ 아니면 느린 발라드가 쉬워.', '랩은 하지 마 ㅋㅋ 발라드가 낫다!'),
      a('알았어. 가사를 보면서 부르면 발음도 좋아지겠다. 내가 다음 주에 목이 없을 때까지 부를 거야.'),
      bCorrects('목이 없으면 큰일 나 ㅋㅋㅋ "목이 없을 때까지" → "목이 쉴 때까지"라고 해.'),
      a(
        '목이 쉴 때까지 부를 거야! I meant my voice, not my neck 😂',
        '목이 쉴 때까지! Phew, my head stays on.',
      ),
      b('ㅋㅋㅋㅋ 오늘 최고였다. 녹음 기다릴게!', '살아 있어야 노래하지 ㅋㅋ Have fun!'),
    ],
  },
  {
    id: 'spicy-challenge',
    koreanOpens: [
      a('매운 떡볶이 도전했다가 지금 우유 1리터째야 🥵', '오늘 제일 매운맛 시켰어. 난 이제 끝이야.'),
      b('Haha why would you do that?! 괜찮아?', 'RIP 🌶️ 얼마나 매워?'),
      a('My tongue is fire! I regret to eat it but maybe I will eat again next week.'),
      bCorrects('Respect. "I regret to eat it" → "I regret eating it". And "my tongue is on fire"!'),
      a(
        'My tongue is on fire! 이제 말할 수 있다 ㅋㅋ 너는 매운 거 잘 먹어?',
        'I regret eating it. 근데 또 먹을 거야. 너도 먹어 볼래?',
      ),
      b('나는 김치도 매워. 하지만 라면은 조금 맵은 것을 좋아해.'),
      aCorrects('귀엽다 ㅋㅋ "맵은 것을" → "매운 것을"이야. 천천히 늘려 보자!'),
      b('매운 것을 좋아해. A little. 아주 조금.', '매운 것! One level at a time, coach 💪'),
    ],
    englishOpens: [
      a(
        'I put too much wasabi on my sushi and saw the future. 매워서 울었어!',
        '오늘 매운 카레 먹었어. 코에서 불이 나왔다 🔥',
      ),
      b('ㅋㅋㅋㅋ 미래에 뭐 있었어? I can eat spicy food very well than my friends.'),
      aCorrects('Show-off 😄 "very well than" → "better than". 한국 사람은 다 매운 걸 잘 먹어?'),
      b(
        '아니야, 못 먹는 사람도 많아. 우리 아빠는 하나도 못 드셔.',
        'Better than! 사람마다 달라. 내 동생은 라면도 물에 씻어 먹어 ㅋㅋ',
      ),
      a('정말? 재미있다 ㅋㅋ 나는 연습하면 잘하게 돼겠지?'),
      bCorrects('당연하지! 근데 "돼겠지" → "되겠지"야. 이건 한국 사람도 헷갈려.'),
      a('잘하게 되겠지? Training starts tomorrow.', '되겠지! 되/돼 is spicier than the curry.'),
      b('ㅋㅋㅋ 우유 꼭 준비해. 화이팅!', '명언이다 ㅋㅋㅋ Good luck with your training 🥛'),
    ],
  },
  {
    id: 'beach-trip',
    koreanOpens: [
      a('나 부산 왔어! 바다 보니까 속이 뻥 뚫린다 🌊', '드디어 바다다!! 퇴사하고 여기서 살고 싶어.'),
      b('Jealous!! 날씨 좋아?', 'Take me with you 😩 지금 뭐 하고 있어?'),
      a('The weather is so good. I put my feet to the water and eating a corn on the beach.'),
      bCorrects(
        'Heaven. "put my feet to the water and eating a corn" → "have my feet in the water and I\'m eating corn". Save me some!',
      ),
      a('I have my feet in the water! 너 오면 내가 옥수수 사 줄게.', 'In the water! 다음 여름에 같이 오자.'),
      b('진짜? 약속! 나는 수영은 못하지만 모래 만들기를 잘해.'),
      aCorrects('ㅋㅋㅋ 모래는 이미 있어! "모래 만들기를 잘해" → "모래성을 잘 만들어"라고 하고 싶은 거지?'),
      b(
        "응, 모래성! 모래성을 잘 만들어. I'm basically an architect 🏰",
        "모래성을 잘 만들어! I can't make sand, I'm not a god.",
      ),
    ],
    englishOpens: [
      a('Guess who is sunburnt in April? 나야 나 🦞', '오늘 바다에 갔다가 새우가 됐어. Totally red!'),
      b(
        'ㅋㅋㅋ 새우 됐네! Did you apply the sun cream? I always apply very thickly, so my face seems ghost.',
      ),
      aCorrects('I forgot my back! "my face seems ghost" → "my face looks like a ghost\'s". 등이 너무 아파.'),
      b('알로에 발라! 차가운 수건도 좋아.', "Looks like a ghost's! 오이도 좋아 ㅋㅋ 얼굴에 붙여 봐."),
      a('오이를? 먹는 오이? 알았어, 냉장고에 있은 오이를 쓸게.'),
      bCorrects('응, 먹는 오이 ㅋㅋ "냉장고에 있은" → "냉장고에 있는"이야.'),
      a(
        '냉장고에 있는 오이를 등에 붙였어. I am a salad now.',
        '냉장고에 있는 오이! My back smells like a sandwich.',
      ),
      b('새우 샐러드 ㅋㅋㅋㅋ 빨리 나아라!', 'ㅋㅋㅋㅋ 오늘 너 때문에 울면서 웃는다. Get well soon!'),
    ],
  },
];
