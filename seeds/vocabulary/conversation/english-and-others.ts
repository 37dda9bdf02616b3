import { a, aCorrects, b, bCorrects, thread, type Thread } from './thread.js';

/** English natives and natives of other languages than Korean. Polite. */
export const englishAndOthers: readonly Thread[] = [
  thread(
    'getting-to-know',
    ['en', 'ja'],
    [
      a(
        "Hi! I've been learning Japanese for six months. よろしくお願いします。",
        "Hello! I'd love to practise Japanese with you. はじめまして！",
      ),
      b(
        'はじめまして！英語を勉強しています。I am live in Osaka.',
        'よろしくお願いします。I am live in a small town near the sea.',
      ),
      aCorrects('Nice to meet you! "I am live" → "I live". What\'s your town like?'),
      b('I live near the station. 静かなところです。', '魚がおいしいです！I live close to the harbour.'),
      a('静かのところが好きです。私の町はうるさいです。'),
      bCorrects('いいですね。「静かのところ」→「静かなところ」です。「な」を使います。'),
      a('静かなところ！ Thank you. Talk again soon?', 'な， not の. ありがとうございます！'),
      b('はい、また話しましょう！See you next week.', "こちらこそ！Let's talk on Friday 😊"),
    ],
  ),
  thread(
    'getting-to-know',
    ['ja', 'en'],
    [
      a(
        'こんばんは！今日は英語で日記を書きました。I writed about my cat.',
        'Hello! 英語の日記を始めました。I writed three lines.',
      ),
      bCorrects('Well done! "I writed" → "I wrote". 私も日記を書きたいです。'),
      a('I wrote, I wrote! 一緒に書きませんか。', 'Thank you! 毎日一緒に書きましょう。'),
      b('Good idea! 今日はケーキを食べるました。'),
      aCorrects('いいですね！「食べるました」→「食べました」です。何のケーキですか。'),
      b(
        "チョコレートケーキを食べました。It was my sister's birthday.",
        '食べました！Chocolate, of course 🍰',
      ),
      a('おめでとうございます！I want to eat too.', 'いいなあ！I will write about cake tomorrow.'),
      b("I'll save you a slice! おやすみなさい。", 'Looking forward to reading it! また明日。'),
    ],
  ),
  thread(
    'getting-to-know',
    ['en', 'zh'],
    [
      a(
        'Hi! 我学中文学了三个月。Can we practise together?',
        "Hello! 你好！I'd like to practise ordering food.",
      ),
      b('好啊！Of course. I very like English songs.'),
      aCorrects('Great! "I very like" → "I really like". Which songs do you sing?'),
      b('I really like slow songs. 你喜欢什么音乐？', '慢歌。I really like old songs, too. 你呢？'),
      a('我喜欢音乐钢琴。我每天听。'),
      bCorrects('不错！"音乐钢琴" → "钢琴音乐"，顺序跟英语一样。'),
      a('钢琴音乐！ Easy to remember. 谢谢！', 'Same order as English, lovely. 谢谢你！'),
      b('不客气！Talk to you tomorrow.', '明天见！Have a good evening 🎹'),
    ],
  ),
  thread(
    'getting-to-know',
    ['zh', 'en'],
    [
      a(
        '你好！Yesterday I go to a museum with my classmates.',
        'Hello! 我昨天很忙。Yesterday I go to two lessons.',
      ),
      bCorrects('Sounds busy! "Yesterday I go" → "Yesterday I went". 好玩吗？'),
      a('Yesterday I went there by bus. 很有意思！', 'I went! 很累，但是很有意思。'),
      b('我也想去。我没有去过了博物馆。'),
      aCorrects('下次去吧！"没有去过了" → "没有去过"，不要“了”。'),
      b('我没有去过。Can you send me a photo?', '没有去过！ Thank you. 有照片吗？'),
      a('有！I will send you tonight.', '当然有。Wait a moment!'),
      b('谢谢！They look beautiful already in my head.', '不着急。Thank you so much 😊'),
    ],
  ),
  thread(
    'getting-to-know',
    ['en', 'es'],
    [
      a(
        'Hi! Estoy aprendiendo español. Can we chat for ten minutes?',
        "¡Hola! I'm a beginner, so please be patient with me 😅",
      ),
      b(
        '¡Claro! I have much homeworks, but ten minutes is okay.',
        '¡Por supuesto! I have much homeworks today, but I need a break.',
      ),
      aCorrects('Thanks! "much homeworks" → "a lot of homework". It has no plural, luckily.'),
      b('A lot of homework. ¡Gracias! ¿Qué hiciste hoy?', 'Homework, no s. ¿Y tú, cómo estás?'),
      a('Estoy bien. Hoy yo gusto mi trabajo, fue divertido.'),
      bCorrects('¡Qué bueno! "yo gusto mi trabajo" → "me gusta mi trabajo".'),
      a('Me gusta mi trabajo. The work pleases me!', "Me gusta, me gustan. I'll practise it."),
      b('¡Muy bien! See you tomorrow.', "¡Perfecto! Let's talk again on Monday."),
    ],
  ),
  thread(
    'getting-to-know',
    ['es', 'en'],
    [
      a(
        'Hello! I have twenty-two years and I study architecture. ¿Y tú?',
        "Hi! I'm from a small city. I have twenty-two years. ¿Y tú?",
      ),
      bCorrects('Nice to meet you! "I have twenty-two years" → "I am twenty-two". Yo soy profesor.'),
      a('I am twenty-two. ¿Qué enseñas?', 'Thank you! In Spanish we have years. ¿De qué?'),
      b('Enseño la historia. Me gusta mucho la época antiguo.'),
      aCorrects('¡Qué interesante! "la época antiguo" → "la época antigua", porque época es femenina.'),
      b('La época antigua. Thank you! Do you like museums?', 'Antigua, of course. ¿Te gustan los museos?'),
      a(
        'Yes, very much! My favourite is the one with old maps.',
        '¡Sí! I go every first Sunday because it is free.',
      ),
      b("Let's make a list of museums! ¡Hasta mañana!", 'Me too! Talk to you at the weekend.'),
    ],
  ),
  thread(
    'getting-to-know',
    ['en', 'fr'],
    [
      a(
        "Bonjour ! I'm learning French for a trip. Could you help me?",
        "Hi! J'apprends le français. Do you have a minute?",
      ),
      b('Avec plaisir ! I am agree to help, and you correct my English.'),
      aCorrects('Deal! First one: "I am agree" → "I agree". Now listen to my French!'),
      b("I agree! Vas-y, je t'écoute.", 'Ah, I agree, one verb. À toi !'),
      a("Je voudrais un table pour deux personnes, s'il vous plaît."),
      bCorrects('Presque ! "un table" → "une table", c\'est féminin.'),
      a('Une table pour deux. Will they understand me?', "Une table! I'll remember it when I'm hungry."),
      b('Bien sûr ! You speak very clearly.', "Oui, c'est parfait. Enjoy your trip 🥖"),
    ],
  ),
  thread(
    'getting-to-know',
    ['fr', 'en'],
    [
      a(
        'Hello! I am in holidays this week, so I have time to talk.',
        'Hi! Good news, I am in holidays until Monday.',
      ),
      bCorrects('Lucky you! "in holidays" → "on holiday". Tu vas où ?'),
      a('On holiday! Je reste chez moi et je jardine.', 'Je vais à la montagne. On holiday, I sleep a lot.'),
      b("J'aime les fleurs. Ma mère a beaucoup des roses."),
      aCorrects('C\'est joli ! "beaucoup des roses" → "beaucoup de roses". Always "de" after beaucoup.'),
      b('Beaucoup de roses ! Thank you.', 'Beaucoup de, noted. Merci !'),
      a('De rien ! Shall we talk again tomorrow?', "You're welcome! Same time tomorrow?"),
      b('Oui, à demain ! Have a lovely evening.', 'Perfect. Bonne soirée 🌹'),
    ],
  ),
];
