import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const errandTopics: readonly Topic[] = [
  {
    id: 'island-trip',
    koreanOpens: [
      a(
        '다음 주에 휴가를 내서 제주도에 가요. 3년 만의 여행이에요!',
        '드디어 휴가예요! 내일 제주도로 떠나요 ✈️',
      ),
      b('Lucky you! 제주도에서 뭐 할 거예요?', "I'm so jealous! How long are you staying?"),
      a("I will stay there for three nights four days. I'm going to rent a car and go to everywhere."),
      bCorrects(
        'Sounds like a dream! "go to everywhere" → "go everywhere". And we\'d say "four days and three nights".',
      ),
      a(
        'Go everywhere! 사진 많이 찍어서 보내 드릴게요.',
        'Four days and three nights. 선물로 뭐가 좋으세요?',
      ),
      b('귤 초콜릿을 좋아요! 농담이에요. 사진만 보내 주세요.'),
      aCorrects(
        'ㅎㅎ 진짜 보내 드릴게요. "초콜릿을 좋아요" → "초콜릿을 좋아해요" 또는 \'초콜릿이 좋아요\'예요.',
      ),
      b(
        '초콜릿을 좋아해요. I mean it this time 🍫 Safe travels!',
        '네, 좋아해요! Enjoy every minute. 운전 조심하세요.',
      ),
    ],
    englishOpens: [
      a(
        "I'm back from the mountains! 사흘 동안 전화가 안 됐어요. 너무 좋았어요.",
        'We spent three days at a lake without internet. 정말 조용했어요!',
      ),
      b('조용한 휴가라니 부럽네요! What did you do there? Did you go to swimming?'),
      aCorrects('Every morning! "go to swimming" → "go swimming". 물이 아주 차가웠어요.'),
      b('여름에도 물이 차군요. 저는 따뜻한 바다가 좋아요.', 'Go swimming! 저는 발만 담글 것 같아요 ㅎㅎ'),
      a('밤에는 별을 많이 봤어요. 하늘이 너무 예쁜이었어요.'),
      bCorrects('상상만 해도 좋네요 ✨ "예쁜이었어요" → "예뻤어요"예요.'),
      a('하늘이 너무 예뻤어요. One day you should see it, too.', "예뻤어요! Of course. '예쁘다'는 형용사죠."),
      b(
        '저도 꼭 가 보고 싶어요. Where is it exactly? I will search it on the map.',
        'Next summer, maybe! 오늘은 푹 쉬세요.',
      ),
    ],
  },
  {
    id: 'lost-umbrella',
    koreanOpens: [
      a(
        '오늘 버스에 가방을 두고 내렸어요. 다행히 찾았지만 정말 놀랐어요.',
        '지하철에 새 우산을 두고 내렸는데 유실물 센터에서 찾았어요!',
      ),
      b(
        'What a relief! How did you get it back? 전화했어요?',
        'Phew! 어떻게 찾았어요? Did somebody hand it in?',
      ),
      a('Yes, I called to the lost and found, and they kept it. The man who answered was very kindly.'),
      bCorrects(
        'How nice of them! "called to" → "called", no to. And he was "very kind": kindly describes how somebody does a thing.',
      ),
      a(
        'I called the lost and found. 물건 잃어버린 적 있으세요?',
        '하나 더 배웠네요. 그쪽은 뭐 잘 잃어버리세요?',
      ),
      b('네, 저는 열쇠를 자주 잊어버려요. 지난주에도 카페에 열쇠를 잊어버렸어요.'),
      aCorrects(
        '물건이 없어지면 "열쇠를 잊어버렸어요" → "열쇠를 잃어버렸어요"예요. 잊어버리는 건 기억이고요.',
      ),
      b(
        '아, 잃다와 잊다! I lost my keys and forgot the verb 😂',
        '열쇠를 잃어버렸어요. 이 차이는 안 잊어버릴게요!',
      ),
    ],
    englishOpens: [
      a(
        'I left my phone in a taxi last night. 지금 컴퓨터로 쓰고 있어요 😢',
        '어젯밤에 휴대폰을 잃어버렸어요. I feel naked without it!',
      ),
      b('어머, 큰일이네요. Did you called your own number?'),
      aCorrects('Yes, and the driver answered! "Did you called" → "Did you call". 오늘 오후에 돌려줘요.'),
      b('정말 다행이에요! 친절한 기사님이네요.', '다행이다! Such a kind person. 꼭 감사 인사 드리세요.'),
      a('네, 선물을 주고 싶어요. 케이크는 어때요? 너무 작는 선물이에요?'),
      bCorrects('아니에요, 좋아하실 거예요! "작는 선물" → "작은 선물"이에요.'),
      a(
        '작은 선물이지만 큰 마음이에요. Is that a good thing to say?',
        "작은 선물. 카드에 '감사합니다'도 쓸게요.",
      ),
      b('너무 좋아요! 마음이 전해질 거예요 🎁', "That's perfect. Glad you'll get your phone back!"),
    ],
  },
  {
    id: 'catching-a-cold',
    koreanOpens: [
      a(
        '감기에 걸려서 목소리가 안 나와요. 오늘은 글로만 이야기해도 될까요?',
        '콜록콜록… 감기에 걸렸어요. 오늘은 채팅만 할게요 🤧',
      ),
      b('Oh no, poor you! 약은 먹었어요?', 'Of course, take it easy. 병원에 갔다 왔어요?'),
      a('I ate medicine in the morning, and my body condition is better than before.'),
      bCorrects('Glad to hear it! "ate medicine" → "took some medicine", and simply "I feel better".'),
      a(
        "I took some medicine. '먹다'라서 그대로 말했어요 ㅎㅎ",
        "한국어로는 약을 '먹어요'라고 해서 늘 틀려요!",
      ),
      b('한국어로는 아프면 뭐라고 말해요? 저는 지난주에 머리가 아파했어요.'),
      aCorrects(
        '본인이 아플 때는 "머리가 아파했어요" → "머리가 아팠어요"라고 해요. \'아파하다\'는 다른 사람 이야기예요.',
      ),
      b('머리가 아팠어요. Now rest! 따뜻한 물을 많이 드세요.', '알겠어요! Get well soon. 푹 쉬세요 🍵'),
    ],
    englishOpens: [
      a(
        'I have a terrible cold. 코가 막혔어요. Can we keep it short today?',
        '오늘 좀 아파요. So only a few sentences, sorry!',
      ),
      b('괜찮아요, 빨리 나으세요! Did you go to see the hospital? In Korea, we often take a shot for cold.'),
      aCorrects(
        'A shot for a cold? Wow! One thing: "go to see the hospital" → "go to the hospital" or "see a doctor".',
      ),
      b(
        '네, 주사를 맞는 사람도 많아요. 생강차는 드셨어요?',
        'I see a doctor at the hospital. 꿀차도 좋아요 🍯',
      ),
      a('네, 생강차를 마셨어요. 내일은 좋을 것이에요.'),
      bCorrects('그러면 좋겠네요! "좋을 것이에요" → "좋아질 거예요"라고 하면 나아진다는 뜻이 돼요.'),
      a('내일은 좋아질 거예요. I like this verb already.', "좋아질 거예요! 고마워요. I'll go to bed now."),
      b('푹 주무시고 내일 이야기해요. Take care!', '빨리 나으세요! Sweet dreams 🌙'),
    ],
  },
  {
    id: 'online-shopping',
    koreanOpens: [
      a(
        '인터넷으로 신발을 샀는데 너무 작아요. 반품해야 할 것 같아요.',
        '주문한 옷이 왔는데 색이 사진하고 완전히 달라요 😅',
      ),
      b("That's annoying! Can you send it back for free? 한국은 배송이 빠르죠?", 'Typical! 반품할 거예요?'),
      a('Yes, in Korea delivery comes in next day. But the refund takes long time than delivery.'),
      bCorrects(
        'Next day is amazing! "takes long time than" → "takes longer than". Here I wait a week for both.',
      ),
      a(
        'It takes longer than delivery. 일주일이면 너무 기네요!',
        '아, 비교니까 longer! 일주일은 저는 못 기다려요 ㅎㅎ',
      ),
      b('저는 항상 기다려요. 어제 배송된 책을 아직 안 열었어요. 선물을 받은 것처럼이에요.'),
      aCorrects('귀여우세요 ㅎㅎ "받은 것처럼이에요" → "받은 것 같아요"라고 하면 돼요.'),
      b(
        '선물을 받은 것 같아요. From me to me! 🎁',
        '받은 것 같아요! I bought it, but I still feel surprised.',
      ),
    ],
    englishOpens: [
      a(
        'I ordered a Korean textbook three weeks ago. 아직 안 왔어요 😞',
        '한국어 책을 샀어요! But it is still on a ship somewhere.',
      ),
      b('해외 배송은 오래 걸리죠. Do you have the number for tracking? You should contact to the seller.'),
      aCorrects(
        'I have it, it says "in transit". And "contact to the seller" → "contact the seller", without to. 뭐라고 써요?',
      ),
      b(
        "'배송이 언제 되는지 알고 싶습니다'라고 쓰면 돼요.",
        "'아직 상품을 받지 못했습니다'라고 쓰세요. 정중하게 들려요!",
      ),
      a('고마워요, 그대로 쓸게요. 한국 판매자이니까 한국말로 쓰는 것이 더 예쁘죠?'),
      bCorrects('네, 기뻐하실 거예요! 이럴 때는 "더 예쁘죠" → "더 좋죠"라고 해요.'),
      a('한국말로 쓰는 게 더 좋죠! Message sent.', "더 좋죠? Let's see whether they answer."),
      b("빨리 왔으면 좋겠네요 📦 I'll cross my fingers!", '책이 오면 같이 공부해요! Good luck.'),
    ],
  },
  {
    id: 'birthday-present',
    koreanOpens: [
      a(
        '친구 생일인데 선물을 뭘 사야 할지 모르겠어요. 좋은 생각 있으세요?',
        '다음 주가 엄마 생신이에요. 선물을 고민하고 있어요.',
      ),
      b('What does she like? 작년에는 뭘 줬어요?', 'How about something handmade? 뭘 좋아하세요?'),
      a('She likes tea. Last year I presented her a cup, but she already had it a lot.'),
      bCorrects(
        'Tea is perfect then! "presented her a cup" → "gave her a cup". Presenting is for prizes and speeches.',
      ),
      a('I gave her a cup. 그럼 올해는 차를 살게요!', 'Gave! 쉬운 단어를 두고 어렵게 말했네요 ㅎㅎ'),
      b('좋아요! 한국에서는 선물을 받으면 바로 열어요? 저는 항상 먼저 카드를 읽고 그다음은 선물을 열어요.'),
      aCorrects('요즘은 바로 열어요! "그다음은 선물을" → "그다음에 선물을"이라고 해요.'),
      b(
        '먼저 카드를 읽고 그다음에 선물을 열어요. Same everywhere!',
        '그다음에! Thank you. I hope she loves the tea 🎂',
      ),
    ],
    englishOpens: [
      a("It's my birthday today! 서른 살이 됐어요 🎉", "오늘 제 생일이에요! I'm having cake for breakfast."),
      b('생일 축하해요! Did you get many presents? I hope you to have a wonderful day.'),
      aCorrects('Thank you! "I hope you to have" → "I hope you have". 친구가 한국 책을 줬어요.'),
      b('최고의 선물이네요! 미역국도 드셔야죠.', '좋은 친구네요! Which book is it?'),
      a('요리책이에요! 미역국도 있어요. 오늘 저녁에 만들으려고 해요.'),
      bCorrects('와, 직접 만드시는군요! "만들으려고" → "만들려고"예요. ㄹ 뒤에는 \'으\'가 없어요.'),
      a('만들려고 해요. My old enemy ㄹ again 😄', '만들려고! Even on my birthday I learn something.'),
      b('맛있게 드시고 행복한 하루 보내세요 🎂', 'Happy birthday again! 사진 기다릴게요.'),
    ],
  },
];
