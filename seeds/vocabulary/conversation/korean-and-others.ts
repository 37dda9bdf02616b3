import { a, aCorrects, b, bCorrects, thread, type Thread } from './thread.js';

/** Korean natives and natives of other languages than English. Polite. */
export const koreanAndOthers: readonly Thread[] = [
  thread(
    'getting-to-know',
    ['ko', 'ja'],
    [
      a(
        '안녕하세요! 일본어를 배운 지 반년 됐어요. 잘 부탁드려요.',
        '안녕하세요, 일본어를 연습하고 싶어서 연락드렸어요.',
      ),
      b(
        'こんにちは！韓国語を勉強しています。よろしくお願いします。',
        'はじめまして！私は韓国語を習っています。よろしくお願いします。',
      ),
      a('よろしくお願いします！私は日本語の本を読むが好きです。'),
      bCorrects('いいですね！「読むが好きです」→「読むのが好きです」と言います。どんな本ですか。'),
      a(
        '読むのが好きです。감사해요! 주로 만화책을 읽어요. 그쪽은요?',
        "아, '의'가 아니라 '것'이군요. 요리책을 읽어요. 한국어는 왜 배우세요?",
      ),
      b('저는 한국 음식을 좋아해요. 서울에 친구가 살아 있어요.'),
      aCorrects(
        '반가운 이야기네요! "살아 있어요" → "살아요" 또는 \'살고 있어요\'예요. \'살아 있어요\'는 alive라는 뜻이에요 ㅎㅎ',
      ),
      b(
        '친구가 살고 있어요!ありがとうございます😊 またあした話しましょう。',
        '아하하, 살고 있어요. 教えてくれてありがとう！',
      ),
    ],
  ),
  thread(
    'getting-to-know',
    ['ja', 'ko'],
    [
      a(
        '今日はとても暑いですね。ソウルも暑いですか。',
        'こんばんは。여기는 비가 왔어요. そちらの天気はどうですか。',
      ),
      b('여기도 더워요! 昨日は三十三度だったです。'),
      aCorrects('大変ですね！「三十三度だったです」→「三十三度でした」です。夏は何を食べますか。'),
      b('三十三度でした。한국은 여름에 냉면을 먹어요.', 'ありがとうございます！여름에는 삼계탕도 먹어요.'),
      a('저는 냉면을 아직 먹지 않았어요. 여름에 먹고 싶습니다요.'),
      bCorrects('꼭 드셔 보세요! "먹고 싶습니다요" → "먹고 싶어요"라고 하면 돼요.'),
      a('네, 먹고 싶어요!今度お店を探してみます。', '먹고 싶어요. 覚えました！'),
      b('맛있는 집을 찾으면 알려 주세요. また明日！', 'いいですね😊 좋은 하루 보내세요!'),
    ],
  ),
  thread(
    'getting-to-know',
    ['ko', 'zh'],
    [
      a(
        '안녕하세요! 중국어를 배우고 있는데 성조가 너무 어려워요.',
        '안녕하세요, 중국어 발음을 연습하고 싶어요.',
      ),
      b('你好！慢慢来，不着急。저도 한국어 받침이 어려워요.', '你好！很高兴认识你。한국어 발음도 어려워요.'),
      a('我是学中文两年了，但是说得不好。'),
      bCorrects('你说得很好！"我是学中文两年了" → "我学中文两年了"，不用“是”。'),
      a(
        '我学中文两年了。고마워요! 한국어는 어떻게 공부하세요?',
        "아, '是'를 빼는군요! 한국 드라마를 보세요?",
      ),
      b('저는 매일 노래를 들어요. 가수의 말이 너무 빨라서 못 알아요.'),
      aCorrects('가사는 한국 사람도 놓쳐요 ㅎㅎ "못 알아요" → "못 알아들어요"예요.'),
      b('못 알아들어요! 谢谢你，明天再聊吧。', '못 알아들어요. 我记住了😄'),
    ],
  ),
  thread(
    'getting-to-know',
    ['zh', 'ko'],
    [
      a('你周末做什么了？我和朋友去爬山了。', '주말 잘 보냈어요? 我去看了一个展览。'),
      b('저는 집에서 요리했어요. 我做了饺子，可是不好吃很。'),
      aCorrects('哈哈，下次会更好的！"不好吃很" → "很不好吃"。你用了什么馅儿？'),
      b('很不好吃 ㅎㅎ 돼지고기하고 부추를 넣었어요.', '김치를 넣었어요! 很不好吃， 진짜예요.'),
      a('저도 만두를 자주 만들어요. 다음에 방법을 가르쳐 줄래요.'),
      bCorrects('좋아요! 제안할 때는 "가르쳐 줄래요" → "가르쳐 줄게요"예요.'),
      a('가르쳐 줄게요!一点儿也不难。', '가르쳐 줄게요. 周六有时间吗？'),
      b('감사해요! 토요일에 시간 있어요 🥟', '기대할게요. 谢谢老师！'),
    ],
  ),
  thread(
    'getting-to-know',
    ['ko', 'es'],
    [
      a('안녕하세요! 내년에 스페인어권 나라로 여행을 가고 싶어요.', '안녕하세요, 스페인어를 막 시작했어요!'),
      b(
        '¡Hola! ¡Qué bien! Yo estudio coreano desde hace un año.',
        '¡Hola, mucho gusto! 저는 한국어를 일 년 배웠어요.',
      ),
      a('Mucho gusto. Yo soy veintiséis años y vivo en Seúl.'),
      bCorrects(
        '¡Encantada! Una cosa: "Yo soy veintiséis años" → "Tengo veintiséis años". 나이는 \'가지고\' 있어요.',
      ),
      a(
        "Tengo veintiséis años. 나이를 '가진다'니 재미있네요!",
        '아하, tengo! 한국어는 어떤 점이 어려우세요?',
      ),
      b('숫자가 어려워요. 저는 사과 이 개를 먹었어요, 맞아요?'),
      aCorrects('개수를 셀 때는 "사과 이 개" → "사과 두 개"예요. 하나, 둘, 셋을 써요!'),
      b('사과 두 개! ¡Muchas gracias! Hablamos mañana.', '두 개, 세 개, 네 개. ¡Gracias, hasta mañana!'),
    ],
  ),
  thread(
    'getting-to-know',
    ['es', 'ko'],
    [
      a(
        '¡Buenas! Hoy cociné con mi madre. 어머니하고 요리했어요!',
        '¡Hola! ¿Qué tal tu día? 저는 오늘 요리했어요.',
      ),
      b('맛있었겠네요! Hoy yo es muy cansado, porque trabajé mucho.'),
      aCorrects('¡Pobre! "yo es muy cansado" → "estoy muy cansado", o "cansada" si eres mujer. 쉬세요!'),
      b(
        'Estoy muy cansada. 감사해요! 무슨 요리를 하셨어요?',
        '아, ser하고 estar! 늘 어려워요. 뭘 만드셨어요?',
      ),
      a('감자 오믈렛을 만들었어요. 아주 쉽은 요리예요.'),
      bCorrects('맛있겠다! "쉽은 요리" → "쉬운 요리"예요. ㅂ이 바뀌어요.'),
      a('쉬운 요리예요. ¡Te paso la receta!', '쉬운, 어려운, 매운… ¡Ya entiendo!'),
      b('¡Gracias! 주말에 저도 만들어 볼게요 🥔', '요리법 기다릴게요. ¡Hasta luego!'),
    ],
  ),
  thread(
    'getting-to-know',
    ['ko', 'fr'],
    [
      a(
        '안녕하세요! 프랑스어 발음이 너무 예뻐서 배우기 시작했어요.',
        '안녕하세요, 빵을 좋아해서 프랑스어를 배워요 🥐',
      ),
      b(
        'Bonjour ! Enchantée. 저는 한국 영화를 보고 한국어를 시작했어요.',
        'Bonjour, ravi de te connaître ! 한국어를 잘 못해요.',
      ),
      a("Bonjour ! Je suis allé à la boulangerie et j'ai acheté deux pain."),
      bCorrects('Très bien ! Au pluriel : "deux pain" → "deux pains", mais le s ne se prononce pas.'),
      a('Deux pains ! 쓰기만 하고 안 읽는군요.', '소리가 안 나는 글자가 너무 많아요 ㅎㅎ'),
      b("네, 많아요 😅 한국어는 소리를 다 읽어서 좋은데, 저는 '닭'을 이상하게 읽어요. 달크예요?"),
      a(
        "받침이 두 개면 보통 하나만 읽어요. '닥'이라고 하시면 돼요!",
        "ㅎㅎ '닥'이라고 읽어요. 한국어에도 안 읽는 글자가 있네요!",
      ),
      b('닥! Merci beaucoup, à demain !', '우리는 비슷하네요. Merci et à bientôt !'),
    ],
  ),
  thread(
    'getting-to-know',
    ['fr', 'ko'],
    [
      a('Salut ! Il pleut depuis ce matin. 한국 날씨는 어때요?', 'Bonjour ! Quel temps fait-il chez toi ?'),
      b("여기는 맑아요! Aujourd'hui je suis froid, mais il y a du soleil."),
      aCorrects('Attention : "je suis froid" → "j\'ai froid". Mets un manteau !'),
      b(
        "J'ai froid ! 코트를 입을게요 ㅎㅎ 주말에 뭐 해요?",
        "J'ai froid, j'ai faim… avoir네요! 주말 계획 있어요?",
      ),
      a('저는 박물관에 갈 거예요. 친구가 표를 두 장을 있어요.'),
      bCorrects('재미있겠어요! "표를 두 장을 있어요" → "표가 두 장 있어요"예요.'),
      a('표가 두 장 있어요. Merci pour la correction !', '표가 두 장 있어요! Tu veux des photos ?'),
      b('네, 사진 꼭 보여 주세요! Bon week-end !', '즐거운 주말 보내세요. À lundi !'),
    ],
  ),
];
