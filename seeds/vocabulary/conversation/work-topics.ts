import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const workTopics: readonly Topic[] = [
  {
    id: 'job-interview',
    koreanOpens: [
      a(
        '다음 주에 외국계 회사 면접이 있어요. 영어 자기소개를 봐 주실 수 있어요?',
        '저 서류 합격했어요! 다음 주가 영어 면접이에요 😳',
      ),
      b(
        "Of course, I'd be glad to. Tell me about yourself! 천천히 하세요.",
        "Congratulations! Let's practise. Please introduce yourself.",
      ),
      a('I am majored in business, and I have worked in marketing team since three years.'),
      bCorrects(
        'Strong content! "I am majored in" → "I majored in", and with three years it\'s "for three years".',
      ),
      a(
        'I majored in business. 장점을 물어보면 뭐라고 할까요?',
        '다시 해 볼게요: I majored in business. 다음 질문은 뭘까요?',
      ),
      b('"What is your biggest strength?" 이 질문은 꼭 물어보고요.'),
      aCorrects('저도 그럴 것 같아요. 문장이 끝나니까 "꼭 물어보고요" → "꼭 물어봐요"가 맞아요.'),
      b(
        "꼭 물어봐요! Prepare one short story for it. You'll do great 💪",
        '네, 꼭 물어봐요. 행운을 빌어요! Tell me how it goes.',
      ),
    ],
    englishOpens: [
      a(
        'I have an interview with a Korean school next month. 긴장돼요!',
        '한국 학원에 지원했어요! I might teach in Daegu.',
      ),
      b('와, 축하드려요! Do they interview you by Korean or English?'),
      aCorrects('Both! It\'s "by Korean" → "in Korean". 자기소개를 연습하고 싶어요. 들어 주세요!'),
      b("네, 시작해 보세요. I'm the principal now.", '좋아요, 편하게 말씀해 보세요 😊'),
      a('안녕하세요. 나는 아이들을 좋아하고 오 년 동안 가르쳤어요.'),
      bCorrects('아주 좋아요. 면접에서는 "나는 아이들을" → "저는 아이들을"이라고 낮춰서 말해요.'),
      a(
        '저는 아이들을 좋아합니다. Should I use 습니다 in an interview?',
        "저는! Of course. 그리고 '-습니다'를 써야 해요?",
      ),
      b(
        "네, 면접에서는 '-습니다'가 더 좋아요. Good luck!",
        'Yes, it sounds more formal. 꼭 합격하실 거예요!',
      ),
    ],
  },
  {
    id: 'work-email',
    koreanOpens: [
      a(
        '영어 이메일을 하나 써야 하는데 너무 딱딱해 보여요. 좀 도와주세요.',
        '거래처에 영어로 메일을 보내야 해요. 한 문장만 봐 주시겠어요?',
      ),
      b('Sure, paste it here. 누구한테 보내요?', 'No problem! Is it for a client or for a colleague?'),
      a('"I request you to send the file until Friday." It is for a client.'),
      bCorrects(
        'I\'d soften it: "I request you to send" → "Could you please send", and "by Friday" instead of "until Friday".',
      ),
      a(
        'Could you please send the file by Friday? 훨씬 부드럽네요!',
        '와, 완전히 다른 느낌이에요. by하고 until은 늘 헷갈려요.',
      ),
      b("한국어 이메일도 어려워요. 저는 항상 '안녕!'이라고 시작해서 부장님이 웃었어요."),
      a(
        "하하, 회사에서는 '안녕하세요'가 좋아요. 그리고 윗사람이니까 '부장님이 웃으셨어요'예요.",
        "귀여우세요 ㅎㅎ 부장님께는 높임말을 써서 '부장님이 웃으셨어요'라고 해요.",
      ),
      b(
        "부장님이 웃으셨어요. Twice, in fact. 다음 메일은 '안녕하세요'로 시작할게요!",
        '웃으셨어요! Luckily she has a good sense of humour 😄',
      ),
    ],
    englishOpens: [
      a(
        'Could you check a message to my Korean colleague? 너무 무례하면 안 돼요.',
        "동료에게 메시지를 쓰고 있어요. I'm worried about the level of politeness.",
      ),
      b('물론이죠! Please show me it. I will check until five minutes.'),
      aCorrects('Thanks! "until five minutes" → "in five minutes", or "within". Here: "자료 좀 줘."'),
      b(
        '음, 친한 사이면 괜찮지만 회사에서는 조금 짧게 느껴져요.',
        "Hmm, it's 반말. 동료한테는 존댓말이 안전해요.",
      ),
      a('그러면 "자료를 좀 주세요"는 좋아요? 아니면 더 길게 쓸게요?'),
      b(
        "좋은데, '보내 주실 수 있을까요?'가 더 공손해요. 의견을 물을 때는 '쓸까요?'예요.",
        "괜찮아요! 더 공손한 말은 '보내 주시겠어요?'예요. 그리고 '쓸게요?'는 '쓸까요?'가 맞아요.",
      ),
      a('자료를 보내 주실 수 있을까요? Perfect, sending it now.', '아, 쓸까요? Thank you so much!'),
      b('천만에요! Your colleague will be impressed.', '도움이 돼서 기뻐요 😊 Good luck at work!'),
    ],
  },
  {
    id: 'study-methods',
    koreanOpens: [
      a(
        '단어를 외워도 자꾸 잊어버려요. 어떻게 공부하세요?',
        '요즘 영어 실력이 안 느는 것 같아요 😔 공부 방법 좀 알려 주세요.',
      ),
      b(
        'I write three sentences a day by hand. 짧지만 매일 해요. 영어 일기를 써 보세요!',
        'We all feel that way sometimes. 저는 매일 일기를 세 줄 써요.',
      ),
      a('I tried it, but I gave up it after two weeks.'),
      bCorrects('Two weeks is a good start! "gave up it" → "gave it up". The pronoun goes in the middle.'),
      a('I gave it up, but I will pick it up again!', 'Gave it up! 오늘부터 다시 시작할게요.'),
      b('좋아요 👏 저는 한국어 책을 읽는 것을 어제 시작했어요. 그런데 모르는 단어가 많이에요.'),
      aCorrects('어려운 책을 고르셨나 봐요. "단어가 많이에요" → "단어가 많아요"예요.'),
      b(
        "네, 동화책인데 단어가 많아요. Children's books are harder than they look!",
        '단어가 많아요! One page takes me half an hour 😂',
      ),
    ],
    englishOpens: [
      a(
        'Do you have any tips for listening? 한국 사람들이 너무 빨리 말해요!',
        '라디오를 들으면 한 단어도 못 알아들어요. Help!',
      ),
      b('저도 그랬어요! I repeat same sentence until my mouth become tired.'),
      aCorrects(
        'Ha, I\'ll try that. "repeat same sentence" → "repeat the same sentence", with the. How many times a day?',
      ),
      b(
        '하루에 문장 다섯 개를 열 번씩 따라 해요. 효과가 좋아요!',
        'Ten times each. 짧은 문장부터 시작해 보세요.',
      ),
      a('알겠어요. 저는 이 주일 동안 해 보고 말하겠을게요.'),
      bCorrects('좋은 계획이에요! "말하겠을게요" → "말할게요" 하나면 충분해요.'),
      a('해 보고 말할게요. Two futures in one verb was too much 😅', '말할게요! Simple is better.'),
      b("이 주 뒤에 꼭 알려 주세요. Don't give up!", 'Looking forward to it! 화이팅이에요 💪'),
    ],
  },
  {
    id: 'exam-preparation',
    koreanOpens: [
      a(
        '다음 달에 영어 말하기 시험을 봐요. 요즘 매일 연습하고 있어요.',
        '영어 시험이 3주밖에 안 남았어요. 긴장돼요.',
      ),
      b(
        "You'll be fine! Which part worries you most? 같이 연습해요.",
        'Three weeks is plenty. 뭐가 제일 어려워요?',
      ),
      a('When the examiner asks my opinion, my head becomes white.'),
      bCorrects(
        'I know that feeling! We\'d say "my head becomes white" → "my mind goes blank". Start with "That\'s a good question."',
      ),
      a(
        'My mind goes blank. 표현이 예쁘네요. 이걸로 시간을 벌 수 있겠어요!',
        '아, 그렇게 말하면 생각할 시간이 생기겠네요!',
      ),
      b('네! 저도 시월에 한국어 시험을 쳐요. 쓰기가 제일 어려운 것이에요.'),
      a(
        "쓰기는 저도 어려워요 ㅎㅎ 그냥 '쓰기가 제일 어려워요'라고 하면 돼요.",
        "같이 힘내요! 말할 때는 '제일 어려워요'가 자연스러워요.",
      ),
      b(
        '쓰기가 제일 어려워요. Short and honest! 우리 둘 다 화이팅!',
        "네, 제일 어려워요! Let's both pass ✨",
      ),
    ],
    englishOpens: [
      a(
        'I signed up for the Korean test in April. 3급을 받고 싶어요.',
        "4월에 한국어 시험을 봐요! It's my first one.",
      ),
      b('좋은 목표네요! How much do you study in a day? You should take a rest enough.'),
      aCorrects('About an hour. "take a rest enough" → "get enough rest". 듣기가 걱정이에요.'),
      b(
        '듣기는 예전 문제를 풀어 보면 도움이 돼요.',
        '매일 뉴스를 조금씩 들어 보세요. Even five minutes helps.',
      ),
      a('네, 오늘부터 문제를 풀을게요. 틀리면 질문할게요.'),
      bCorrects('언제든지 물어보세요! "풀을게요" → "풀게요"예요. ㄹ로 끝나면 \'을\'이 필요 없어요.'),
      a('문제를 풀게요. 만들게요, 놀게요… I see the pattern!', "풀게요! ㄹ again. It's always ㄹ 😂"),
      b('규칙을 금방 찾으시네요 👏 You will pass.', "4월까지 제가 도와드릴게요. Let's do it!"),
    ],
  },
  {
    id: 'first-day-at-work',
    koreanOpens: [
      a(
        '오늘 새 회사에 첫 출근을 했어요. 하루 종일 인사만 한 것 같아요.',
        '드디어 첫 출근! 이름을 스무 개나 외워야 해요 😵',
      ),
      b('How did it go? 사람들이 친절해요?', 'Well done for surviving! 팀 분위기는 어때요?'),
      a("Everyone was kind to me. But I was so nervous that I couldn't eat lunch many."),
      bCorrects(
        'That\'s normal on day one! "couldn\'t eat lunch many" → "couldn\'t eat much lunch". Much is for things you can\'t count.',
      ),
      a(
        'Much lunch. 내일은 많이 먹어야겠어요 ㅎㅎ 신입 때 어떠셨어요?',
        '내일은 맛있게 먹을 수 있겠죠? 첫 직장 기억나세요?',
      ),
      b('첫날에 저는 화장실에 길을 잃었어요. 아무도 안 물어봤어요.'),
      a(
        "하하, 저도 오늘 그럴 뻔했어요. '화장실에 가다가 길을 잃었어요, 아무한테도 못 물어봤어요'라고 하면 완벽해요.",
        "ㅎㅎ 상상이 돼요. '아무한테도 못 물어봤어요'라고 하면 더 정확해요.",
      ),
      b(
        '아무한테도 못 물어봤어요. I was too shy! 내일도 힘내세요.',
        '네, 아무한테도 못 물어봤어요 😂 Good luck for day two!',
      ),
    ],
    englishOpens: [
      a(
        'Today I started my new job at a library! 너무 행복해요 📚',
        '오늘 도서관에서 첫날이었어요! It smells like old paper, I love it.',
      ),
      b('축하드려요! I heard that library works are calm. Is it truth?'),
      aCorrects('Calm until the school groups come 😄 And "Is it truth" → "Is it true". 동료들이 좋아요.'),
      b('다행이네요! 좋은 동료가 제일 중요해요.', "I'm glad! 처음에는 동료가 제일 큰 힘이 되죠."),
      a('네, 점심을 같이 먹고 산책했어요. 제 상사는 한국 드라마를 잘 알아요. 나이는 육십 살이에요.'),
      bCorrects('멋진 분이네요! 어른한테는 "육십 살이에요" → "예순이세요"라고 하면 좋아요.'),
      a("예순이세요. I'd never heard that number! 고마워요.", '예순! 일흔, 여든도 있죠? Numbers never end.'),
      b('네, 일흔, 여든, 아흔! Enjoy your second day.', '맞아요 ㅎㅎ 내일도 즐겁게 일하세요!'),
    ],
  },
];
