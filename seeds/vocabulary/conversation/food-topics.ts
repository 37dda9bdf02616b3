import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const foodTopics: readonly Topic[] = [
  {
    id: 'kimchi-stew',
    koreanOpens: [
      a(
        '오늘 저녁에 김치찌개를 끓였어요. 김치가 잘 익어서 맛있었어요.',
        '비도 오고 해서 김치찌개를 끓여 먹었어요 🍲',
      ),
      b('That sounds so comforting! 요리법을 가르쳐 주세요.', 'I can almost smell it! 어떻게 만들어요?'),
      a("It's easy. First you fry the pork with kimchi, then put water and boil during twenty minutes."),
      bCorrects(
        'Simple enough! "boil during twenty minutes" → "boil for twenty minutes". We use for with a length of time.',
      ),
      a('For twenty minutes. 마지막에 두부하고 파를 넣으면 끝이에요.', '아, for! 그리고 두부를 꼭 넣으세요.'),
      b('내일 만들어 볼게요. 매운 음식을 잘 먹을 수 없지만 도전!'),
      a(
        "고춧가루를 조금만 넣으면 안 매워요. 보통 '매운 음식을 잘 못 먹지만'이라고 해요.",
        "조금 덜 맵게 하세요! 참고로 '잘 못 먹지만'이 더 짧고 자연스러워요.",
      ),
      b(
        '매운 음식을 잘 못 먹지만 도전할게요! Wish me luck 🌶️',
        "네! I'll report back tomorrow, with or without a stomach ache 😅",
      ),
    ],
    englishOpens: [
      a(
        'I tried to make kimbap yesterday. It fell apart 😭',
        '어제 김밥을 만들었어요. 근데 모양이 슬펐어요 ㅠㅠ',
      ),
      b('괜찮아요, 처음엔 다 그래요! Did you press it enough strong?'),
      aCorrects(
        'Maybe not! "enough strong" → "hard enough": enough comes after the word, and we press hard. What\'s the trick?',
      ),
      b('밥을 얇게 펴고, 김 끝에 물을 조금 바르세요.', 'Hard enough! 밥을 너무 많이 넣으면 안 돼요.'),
      a('아, 저는 밥을 많이 넣었어요. 다음에는 작은 넣을게요.'),
      bCorrects('네! "작은 넣을게요" → "조금 넣을게요"예요. \'작다\'는 크기, \'적다\'는 양이에요.'),
      a('조금 넣을게요. Size and amount, I see. 감사해요!', '아하, 조금! I keep mixing up 작다 and 적다.'),
      b(
        '다음에 사진 보내 주세요! Ugly kimbap tastes good too.',
        '모양은 안 중요해요 ㅎㅎ Taste is everything.',
      ),
    ],
  },
  {
    id: 'ordering-food',
    koreanOpens: [
      a(
        '다음 달에 런던에 출장을 가요. 식당에서 주문하는 게 걱정이에요.',
        '여행 가서 식당에서 영어로 주문하는 게 제일 떨려요.',
      ),
      b(
        'Don\'t worry! Let\'s do a little role play. 저는 직원이에요. "Hi, are you ready to order?"',
        '걱정하지 마세요! I\'ll be the waiter. "What can I get you?"',
      ),
      a('Give me a steak and one glass of water. And I want to change fries to salad.'),
      bCorrects(
        'Clear, but a bit direct! "Give me a steak" → "Could I have the steak, please?" It sounds much friendlier.',
      ),
      a(
        'Could I have the steak, please? 한국어로는 뭐라고 주문하세요?',
        '확실히 부드럽네요! 이제 한국어로 해 볼까요? 뭐 드릴까요?',
      ),
      b('비빔밥 한 개 주세요. 그리고 물 한 병을 주세요.'),
      aCorrects('좋아요! 음식은 보통 "비빔밥 한 개" → "비빔밥 하나" 또는 \'한 그릇\'이라고 해요.'),
      b('비빔밥 하나 주세요! And for two people, 두 그릇. 맞죠?', "비빔밥 한 그릇 주세요. I'm hungry now 😋"),
    ],
    englishOpens: [
      a(
        "Next spring I'm visiting Seoul. How do I call the waiter politely?",
        "식당에서 직원을 어떻게 불러요? I don't want to be rude.",
      ),
      b("'저기요' 하고 부르면 돼요. Some restaurants has a button on the table. You just push it."),
      aCorrects(
        'A button! I love it. Quick one: "Some restaurants has" → "Some restaurants have". So I say 저기요, and then?',
      ),
      b(
        '"주문할게요" 하시면 직원이 와요. 한번 주문해 보세요!',
        '그다음에 메뉴를 말하면 돼요. Try it with me!',
      ),
      a('저기요, 불고기 두 명 주세요. 안 맵게 해 주세요.'),
      bCorrects('잘하셨어요! 사람이 아니라 음식이니까 "불고기 두 명" → "불고기 이 인분"이라고 해요.'),
      a(
        "불고기 이 인분 주세요. Two portions! I won't order two people again 😂",
        '이 인분! So many ways to count in Korean.',
      ),
      b(
        '완벽해요! Now you will not be hungry in Seoul.',
        '이제 걱정 없어요 👏 The side dishes are free, enjoy!',
      ),
    ],
  },
  {
    id: 'breakfast',
    koreanOpens: [
      a('아침 드셨어요? 저는 오늘 늦잠을 자서 못 먹었어요.', '좋은 아침이에요! 아침은 뭐 드셨어요?'),
      b(
        'Morning! I had porridge with honey. 한국 사람들은 아침에 뭐 먹어요?',
        'I had toast, as always. 한국 아침은 어때요?',
      ),
      a('Many people eat rice and soup, but I usually skip breakfast because I have no enough time.'),
      bCorrects(
        'You\'ll get hungry! "I have no enough time" → "I don\'t have enough time". At least a banana?',
      ),
      a(
        "I don't have enough time, so I eat a banana on the bus 🍌 맞아요?",
        '고마워요! 내일부터는 바나나라도 먹을게요.',
      ),
      b('잘했어요! 저는 아침을 먹기 전에 운동했어요. 매일 아침 6시에 일어나요.'),
      a(
        "부지런하시네요! 매일 하는 일은 '운동해요'라고 현재로 말하면 더 좋아요.",
        "대단하세요! 습관이니까 '운동해요'가 더 어울려요.",
      ),
      b(
        "아침을 먹기 전에 운동해요. Now it's a habit, at least in grammar 😄",
        '네! But only in summer, honestly. 겨울에는 못 일어나요.',
      ),
    ],
    englishOpens: [
      a(
        'Do Koreans really eat soup in the morning? 저는 아침에 커피만 마셔요.',
        'Good morning! 저는 지금 커피를 마시고 있어요. You?',
      ),
      b('네, 국을 먹는 집이 많아요. I like to eat the seaweed soup on morning.'),
      aCorrects(
        'Soup at seven, impressive! We say "on morning" → "in the morning". Isn\'t seaweed soup for birthdays?',
      ),
      b(
        '맞아요, 생일에 꼭 먹어요. 하지만 평소에도 자주 먹어요.',
        'You know that! 생일에도 먹고 그냥 아침에도 먹어요.',
      ),
      a('제 생일은 오월이에요. 그때 미역국을 마셔 볼게요.'),
      bCorrects('오월이군요 🎂 국은 "미역국을 마셔" → "미역국을 먹어"라고 해요. 숟가락으로 먹으니까요.'),
      a(
        '미역국을 먹어 볼게요. With a spoon, so 먹다. Makes sense!',
        '아, 국은 먹어요! And coffee I drink. 이해했어요.',
      ),
      b('생일에 미역국 사진 기대할게요! See you.', 'I will remind you in May ㅎㅎ 좋은 하루 보내세요!'),
    ],
  },
  {
    id: 'market-visit',
    koreanOpens: [
      a(
        '오늘 부모님이랑 시장에 다녀왔어요. 귤이 벌써 나왔더라고요 🍊',
        '시장에서 귤을 한 상자나 샀어요. 너무 맛있어요!',
      ),
      b(
        'I love markets! 한국 시장에 가고 싶어요. Are they cheaper than supermarkets?',
        'A whole box! 시장이 마트보다 싸요?',
      ),
      a('Yes, and if you say nicely, the seller gives you a discount or more some.'),
      bCorrects('Bargaining skills! "more some" → "some more". And "ask nicely" is what we\'d say here.'),
      a(
        "Ask nicely, and she gives you some more. 이걸 '덤'이라고 해요.",
        "Some more! 한국어로는 '덤'이라고 불러요.",
      ),
      b('덤! 재미있는 단어네요. 여기 시장에는 덤이 안 있어요.'),
      aCorrects('아쉽네요 ㅎㅎ "덤이 안 있어요" → "덤이 없어요"예요. \'있다\'의 반대는 \'없다\'예요.'),
      b(
        '덤이 없어요 😢 But there are free samples of cheese!',
        '맞다, 없어요! How could I forget. 다음에는 한국 시장에 같이 가요.',
      ),
    ],
    englishOpens: [
      a(
        "There's a farmers' market here on Sundays. 오늘 사과하고 빵을 샀어요.",
        '시장에서 맛있는 빵을 찾았어요! I ate half of it on the way home.',
      ),
      b('갓 구운 빵이네요, 부러워요! How much was it? In Korea, the fruits price is very high.'),
      aCorrects(
        'Here too! "the fruits price" → "the price of fruit". Fruit usually has no -s. My bread was not cheap either.',
      ),
      b(
        '그렇군요. 한국에서도 마찬가지예요. 좋은 빵은 비싸죠.',
        'Same as Seoul, then. 그래도 맛있으면 괜찮아요 ㅎㅎ',
      ),
      a('네! 저는 사과 세 마리를 샀어요. 싸고 달아요.'),
      bCorrects('하하, 사과가 움직여요? "사과 세 마리" → "사과 세 개"예요. \'마리\'는 동물한테만 써요.'),
      a('세 개! My apples are not alive, I promise 😂', '아, 마리는 동물! 강아지 세 마리, 사과 세 개.'),
      b('맞아요 👏 오늘도 즐겁게 배웠네요.', 'Perfect! 맛있게 드세요 🍎'),
    ],
  },
];
