import type { LanguageCode } from '../languages.js';
import type { FourAnswers } from './test-answers.js';

type Band = 'A' | 'B' | 'C';

/** One answer to each question, for beginners, for those in the middle and for the advanced. */
export const otherAnswers: Readonly<
  Record<Exclude<LanguageCode, 'ko' | 'en'>, Readonly<Record<Band, FourAnswers>>>
> = {
  ja: {
    A: [
      ['はじめまして。わたしは学生です。日本がすきです。'],
      ['週末はうちで…寝ました。ごはんを食べました。'],
      ['町は静かです。でも、駅が遠いです。'],
      ['電話はいいです。友だちと毎日話します。'],
    ],
    B: [
      ['会社員です。日本の小説が好きで、二年前から日本語を勉強しています。'],
      ['土曜日は友だちと展覧会に行きました。思ったより人が多くて、疲れました。'],
      ['交通が便利で店も多いので住みやすいです。でも、夜は少しうるさいです。'],
      ['遠くにいる友だちと毎日話せるようになりましたが、一緒にいてもスマホを見る人が増えたと思います。'],
    ],
    C: [
      ['出版社で翻訳に携わっております。原文の響きを味わいたくて、本格的に学び始めました。'],
      ['たまっていた家事を片づけたあと、近所の図書館の朗読会に足を運びました。'],
      ['路地ごとに物語があるのが魅力です。ただ、観光客が増えるにつれ、昔からの店が減っているのは残念です。'],
      [
        '関係の幅は広がった一方で、深さは失われたという指摘にはうなずけます。結局は使い方次第ではないでしょうか。',
      ],
    ],
  },
  zh: {
    A: [
      ['你好。我是学生。我喜欢中国菜。谢谢。'],
      ['周末我在家。我睡觉，吃饭。很好。'],
      ['我家很小。公园很好。地铁很远。'],
      ['手机很好。我每天跟妈妈说话。'],
    ],
    B: [
      ['我在一家设计公司工作，学了两年中文。我想以后去中国旅行。'],
      ['星期六我跟朋友去看了一个展览，人比我想的多。星期天在家休息了。'],
      ['我住的地方交通很方便，商店也多，可是晚上有点儿吵，有时候睡不好。'],
      ['以前跟远方的朋友联系很难，现在每天都可以聊天。但是很多人在一起的时候也看手机。'],
    ],
    C: [
      ['我从事翻译工作，起初只是出于兴趣，后来发现自己再也离不开这门语言了。'],
      ['难得没有安排，我把积攒的家务做完以后，去图书馆听了一场朗读会，收获不小。'],
      ['这一带的老街很有味道，只是游客越来越多，原来的小店一家接一家地关了门，令人惋惜。'],
      ['科技拉近了距离，却也让人失去了等待的耐心。归根结底，关键在于我们怎么使用它。'],
    ],
  },
  es: {
    A: [
      ['Hola. Yo soy estudiante. Me gusta la música. Gracias.'],
      ['El fin de semana estoy en casa. Como, duermo. Bien.'],
      ['Mi casa es pequeña. El parque es bonito. El metro está lejos.'],
      ['El teléfono es bueno. Hablo con mi madre todos los días.'],
    ],
    B: [
      ['Trabajo en una empresa de diseño y estudio español desde hace dos años porque quiero viajar sola.'],
      ['El sábado fui a una exposición con una amiga. Había más gente de lo que pensaba.'],
      ['El transporte es cómodo y hay muchas tiendas, pero por la noche hay ruido y a veces no duermo bien.'],
      [
        'Ahora podemos hablar cada día con amigos que viven lejos, pero muchos miran el móvil aunque estén juntos.',
      ],
    ],
    C: [
      [
        'Me dedico a la traducción literaria y empecé con el español por pura curiosidad; luego ya no pude dejarlo.',
      ],
      [
        'Por fin me quité de encima las tareas pendientes y después asistí a una lectura en la biblioteca del barrio.',
      ],
      [
        'Cada callejón tiene su historia, y eso me encanta. Lástima que, con tanto turismo, vayan cerrando las tiendas de siempre.',
      ],
      [
        'Nuestros círculos son más amplios y menos profundos, de acuerdo; aun así, culpar solo a la técnica me parece demasiado fácil.',
      ],
    ],
  },
  fr: {
    A: [
      ['Bonjour. Je suis étudiant. J’aime la musique. Merci.'],
      ['Le week-end, je suis à la maison. Je mange, je dors.'],
      ['Ma maison est petite. Le parc est joli. Le métro est loin.'],
      ['Le téléphone est bien. Je parle avec ma mère chaque jour.'],
    ],
    B: [
      [
        'Je travaille dans une agence de design et j’apprends le français depuis deux ans, parce que je voudrais voyager seule.',
      ],
      ['Samedi, j’ai vu une exposition avec une amie. Il y avait plus de monde que je pensais.'],
      ['Les transports sont pratiques et il y a beaucoup de magasins, mais le soir, c’est un peu bruyant.'],
      [
        'On peut parler tous les jours avec des amis qui habitent loin, mais beaucoup de gens regardent leur écran même ensemble.',
      ],
    ],
    C: [
      [
        'Je traduis des romans. J’ai commencé le français par curiosité, et je n’ai plus jamais réussi à m’arrêter.',
      ],
      [
        'J’ai enfin réglé tout ce que je remettais à plus tard, puis j’ai assisté à une lecture à la bibliothèque du quartier.',
      ],
      [
        'Chaque ruelle a son histoire, et c’est ce qui fait son charme ; dommage que les commerces d’autrefois ferment l’un après l’autre.',
      ],
      [
        'Nos cercles se sont élargis au détriment de leur profondeur, soit ; encore faut-il savoir ce que nous faisons de ces outils.',
      ],
    ],
  },
};
