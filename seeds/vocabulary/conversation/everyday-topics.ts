import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const everydayTopics: readonly Topic[] = [
  {
    id: 'weekend-hike',
    koreanOpens: [
      a(
        '주말 잘 보내셨어요? 저는 토요일에 북한산에 갔다 왔어요.',
        '주말에 뭐 하셨어요? 저는 친구하고 등산했어요 ⛰️',
      ),
      b(
        'Nice! Was it crowded? 저도 산을 좋아해요, but I get tired quickly.',
        'Sounds great! Were there many people? 저는 집에서 쉬었어요.',
      ),
      a('It was crowded very much, but the view was worth to see.'),
      bCorrects('I bet it was! "worth to see" → "worth seeing", and "very crowded" sounds more natural.'),
      a('Worth seeing! 고마워요. 자주 가는 산이 있으세요?', '아하, worth 뒤에는 -ing군요. 등산 좋아하세요?'),
      b('우리 집 근처에 작은 산이 있어요. 가끔 강아지랑 같이 올라가요.'),
      a(
        '강아지랑 같이 가면 더 재미있겠어요. 한국 산에도 꼭 한번 오세요!',
        '부러워요! 저도 나중에 강아지를 키우고 싶어요 🐶',
      ),
      b(
        '네, 다음에 한국에 가면 같이 가요! 사진도 보여 줄게요.',
        "좋아요! I'll send you a photo of our hill next weekend.",
      ),
    ],
    englishOpens: [
      a(
        'How was your weekend? I went for a walk along the coast. 바람이 많이 불었어요.',
        'Hi! 주말에 바다 옆을 걸었어요. And you?',
      ),
      b('바닷가를 걸으셨군요, 좋았겠어요! I took a rest at home. I was so boring.'),
      aCorrects(
        'Oh no! One thing: "I was so boring" → "I was so bored". Otherwise you\'re telling me you\'re not fun 😂',
      ),
      b(
        '하하, 큰일 날 뻔했네요. I was bored! 다음 주에는 나가야겠어요.',
        'Oh my god, thank you ㅎㅎ I was bored, not boring!',
      ),
      a('날씨가 좋으면 산책하세요. 산책은 건강에게 좋아요.'),
      bCorrects(
        '맞아요! 사람이 아니니까 "건강에게 좋아요" → "건강에 좋아요"예요. \'에게\'는 사람이나 동물한테 써요.',
      ),
      a('아, 건강에 좋아요. 친구에게, 건강에. 맞아요?', "그렇군요! 사람은 '에게', 물건은 '에'. Thank you!"),
      b('네, 정확해요 👏 Then I will take a walk tomorrow.', 'Perfect! 저도 내일은 꼭 산책할게요.'),
    ],
  },
  {
    id: 'rainy-season',
    koreanOpens: [
      a(
        '여기는 장마가 시작됐어요. 일주일 내내 비가 온대요 ☔',
        '오늘 비가 너무 많이 와서 신발이 다 젖었어요.',
      ),
      b(
        'Oh no! 여기는 해가 났어요, which is rare for us. How long does it last?',
        'That sounds miserable! 여기는 오늘 맑아요. Does it rain all day?',
      ),
      a('Usually it continues for one month. I forgot bringing my umbrella today.'),
      bCorrects(
        'Poor you! "I forgot bringing" → "I forgot to bring". "Forgot bringing" would mean you brought it and don\'t remember.',
      ),
      a(
        '오, 그런 차이가 있군요. I forgot to bring my umbrella. 거기도 비가 자주 오죠?',
        '미묘하네요! 거기도 비가 자주 와요?',
      ),
      b('네, 비가 자주 와요. 하지만 사람들이 우산을 안 입어요. We just wear a hood.'),
      aCorrects('ㅎㅎ 우산은 입는 게 아니라 써요! "우산을 안 입어요" → "우산을 안 써요".'),
      b(
        '우산을 써요! 모자도 써요, 안경도 써요. So many things to 쓰다 😄',
        '아, 써요! Same verb as writing. 한국어 재미있어요.',
      ),
    ],
    englishOpens: [
      a('Is it cold in Seoul now? 여기는 벌써 눈이 와요 ❄️', "Brr, it's freezing here. 서울 날씨는 어때요?"),
      b("여기도 추워요. Today is minus eight degree. I don't want to go out."),
      aCorrects(
        'Stay warm! "minus eight degree" → "minus eight degrees", plural even with minus. Do you have the famous floor heating?',
      ),
      b(
        '네, 온돌이 있어요! 바닥이 따뜻해서 정말 좋아요.',
        "Yes! 한국 집은 바닥이 따뜻해요. That's the best thing of winter.",
      ),
      a('저도 온돌을 갖고 싶어요. 우리 집은 아주 춥어요.'),
      bCorrects('저런… "춥어요" → "추워요"예요. ㅂ이 \'우\'로 바뀌어요. 덥다도 \'더워요\'가 돼요.'),
      a(
        "추워요, 더워요. I'll write them on a card. 고마워요!",
        '아, ㅂ 불규칙! I forgot. 추워요, 추워요, 추워요.',
      ),
      b('따뜻한 차 한잔 드세요 🍵 Good night!', "감기 조심하세요! Let's talk when it gets warmer ㅎㅎ"),
    ],
  },
  {
    id: 'commuting',
    koreanOpens: [
      a('오늘 지하철에서 한 시간이나 서 있었어요. 너무 힘드네요.', '퇴근길 지하철에 사람이 정말 많았어요 😩'),
      b('That sounds exhausting. 회사까지 얼마나 걸려요?', 'Oh dear. How long is your commute? 매일 그래요?'),
      a('It takes one hour and half. I listen English podcast in the subway.'),
      bCorrects(
        'That\'s dedication! "listen English podcast" → "listen to an English podcast", and "an hour and a half" for the time.',
      ),
      a(
        'Listen to! 항상 to를 빼먹어요. 출근은 어떻게 하세요?',
        '아, listen 다음에 to! 보통 뭐 타고 다니세요?',
      ),
      b('저는 자전거를 탔고 회사에 가요. 20분 걸려요.'),
      aCorrects(
        '건강에 좋겠네요! 그런데 "자전거를 탔고" → "자전거를 타고"예요. 방법을 말할 때는 과거로 안 써요.',
      ),
      b(
        '자전거를 타고 회사에 가요. Thanks! 비가 오면 버스를 타고 가요.',
        '아, 타고! I see. 버스를 타고, 지하철을 타고. 맞죠?',
      ),
    ],
    englishOpens: [
      a(
        'My train was cancelled this morning, so I worked from home.',
        '오늘 기차가 없었어요. So I stayed home and worked in my pyjamas.',
      ),
      b("재택근무 좋네요! I envy you. My company don't allow it."),
      aCorrects(
        'That\'s a shame. Careful: "My company don\'t" → "My company doesn\'t". 한국 회사는 다 그래요?',
      ),
      b(
        '회사마다 달라요. 요즘은 일주일에 하루 정도 재택하는 곳도 많아요.',
        '아니요, 요즘은 많이 바뀌었어요. My friend works from home every Friday.',
      ),
      a('그렇군요. 집에 일하면 편하지만 조금 심심해요.'),
      bCorrects(
        '저도 그럴 것 같아요. "집에 일하면" → "집에서 일하면"이에요. 행동하는 장소에는 \'에서\'를 써요.',
      ),
      a(
        '집에서 일하면! 에 and 에서 are my eternal enemies.',
        '아, 에서! 카페에서 공부해요, 집에서 일해요. 맞아요?',
      ),
      b('금방 친해질 거예요 ㅎㅎ Have a nice day at your home office!', '네, 맞아요! Enjoy your pyjamas 😄'),
    ],
  },
  {
    id: 'neighbourhood-cafe',
    koreanOpens: [
      a(
        '우리 동네에 조용한 카페가 새로 생겼어요. 거기서 공부하니까 집중이 잘돼요.',
        '지금 카페에서 영어 공부하고 있어요 ☕ 분위기가 좋아요.',
      ),
      b(
        'Lovely! What do you usually order? 저는 커피를 잘 못 마셔요.',
        "Nice! 뭐 마시고 있어요? I'm more of a tea person.",
      ),
      a('I always drink ice americano even if winter.'),
      bCorrects(
        'Even in winter! You can say "even if winter" → "even in winter", and it\'s "iced". Isn\'t it too cold?',
      ),
      a(
        'Even in winter! 한국 사람들은 겨울에도 차가운 커피를 마셔요. 신기하죠?',
        "Iced, iced… 우리는 '얼죽아'라고 해요. 얼어 죽어도 아이스!",
      ),
      b('신기해요! 저는 따뜻한 것을 좋아요. Especially when it snows.'),
      aCorrects('저도 차는 따뜻한 게 좋아요. "것을 좋아요" → "것을 좋아해요" 또는 "것이 좋아요"예요.'),
      b(
        '따뜻한 것이 좋아요. 두 개 다 외울게요!',
        '좋아해요, 좋아요… I finally see the difference. 감사해요!',
      ),
    ],
    englishOpens: [
      a(
        'I found a café near my house that plays Korean songs all day. I understand maybe ten words 😂',
        '오늘 카페에서 한국 노래를 들었어요. I was so happy!',
      ),
      b('와, 신기하네요! Which song did you hear? I recommend you to listen ballad songs.'),
      aCorrects('I will! "recommend you to listen" → "recommend listening to". Do you sing as well?'),
      b('저는 노래를 못해요 ㅎㅎ 듣는 것만 좋아해요.', 'Only in the shower ㅎㅎ 친구들 앞에서는 안 불러요.'),
      a('괜찮아요. 저도 노래를 안 잘해요.'),
      bCorrects('ㅎㅎ 우리 같이 연습해요. "안 잘해요" → "잘 못해요"라고 해요.'),
      a('잘 못해요. Now I can be modest in Korean!', '저는 노래를 잘 못해요. 한국어는 조금 잘해요?'),
      b('한국어는 정말 잘하세요 👏 Send me the name of the café later!', '네, 한국어는 잘하세요! I mean it.'),
    ],
  },
];
