import type { WrittenAnswers } from './test-answers.js';

/** What learners of English say, mistakes and all. */
export const englishAnswers: WrittenAnswers = {
  A1: [
    [
      'Hello. My name is… I am student. I like music. Thank you.',
      'Hi. I am twenty years. I live in Seoul. I like… dog.',
    ],
    ['Weekend… I am home. I sleep. I eat. Finish.', 'I meet friend. Cafe. Talk, talk. Good.'],
    ['My house is small. Park is good. Bus… no.', 'City is big. Many people. Uh… expensive.'],
    ['Phone is good. I talk my mother. Sorry, I don’t know.', 'Computer… many friend. Every day message.'],
  ],
  A2: [
    [
      'Hello, I am a university student. I study English two years. My hobby is cook.',
      'I work in a hospital. I have one brother and one dog. Nice to meet you.',
    ],
    [
      'On Saturday I watched a movie with my friend. On Sunday I took a rest because I was tired.',
      'I went to market and bought some fruits. The weather was very nice, so I walked.',
    ],
    [
      'My town is quiet and I like it. But the subway station is far, so it is difficult in the morning.',
      'I live near the sea. It is beautiful, but in winter it is too much windy.',
    ],
    [
      'Before, people wrote a letter. Now we send message. It is fast, but we don’t meet so much.',
      'I do a video call with my grandmother. It is very good. But people look phone too many time.',
    ],
  ],
  B1: [
    [
      "I'm working at a design company and I've been learning English for three years. I started because I wanted to travel alone.",
      'I am a graduate student now. I would like to work in abroad someday, so I practice every day.',
    ],
    [
      'I woke up late on Saturday, so I skipped breakfast and went to meet my friend. We saw an exhibition, but it was more crowded than I expected.',
      'My parents visited me, so we climbed a mountain together. It was hard, but I felt great when we arrived to the top.',
    ],
    [
      'The transportation is convenient and there are a lot of shops. However, it is noisy at night, so sometimes I can’t sleep well.',
      'It is a small city, so people are friendly and the rent is cheap. But there is not many things to do at weekends.',
    ],
    [
      'In the past it was difficult to keep in touch with friends who live far away. Now we can talk every day, but many people look at their phone even when they are together.',
      'Thanks to technology I could make foreign friends. I met my partner in this app, so I think it has more good points.',
    ],
  ],
  B2: [
    [
      'I work for a publishing company, mostly with translators. I started English as a hobby, but now I use it in almost every meeting, which still makes me a bit nervous.',
      "I'm a primary school teacher. Some of my students' parents don't speak Korean, so I decided to brush up my English to talk with them.",
    ],
    [
      'We had planned to go camping, but the forecast was terrible, so we cancelled it. Instead we cooked together at home, and honestly it turned out to be more fun.',
      "I spent the whole weekend packing because I'm moving next week. I found a box of old photos and ended up looking at them for hours.",
    ],
    [
      "What I like most is that there's so much green space. On the other hand, public transport is poor, so you can hardly manage without a car.",
      "It's right in the centre, which is convenient, but the rent has gone up a lot. Still, I can walk to work, so I'll probably stay for a while.",
    ],
    [
      'People say technology has removed distance, but I think it has created a new kind. For example, a family can sit in the same room, each of them looking at a different screen.',
      "Since replying has become so easy, we've lost the patience to wait. If an answer takes a few hours, people already feel offended.",
    ],
  ],
  C1: [
    [
      'I do research in urban planning. While I was writing about redevelopment, I kept running into papers in English that I could only half follow, so I decided it was time to take the language seriously.',
    ],
    [
      "I finally got round to all the chores I'd been putting off, and then went to a reading at the local library. Hearing the author read her own sentences gave them a rhythm I had completely missed on the page.",
    ],
    [
      "It's an old neighbourhood and every alley has its story, which I find charming. The downside is that, as visitors have poured in, the shops that residents actually used have been closing one after another.",
    ],
    [
      'I have some sympathy with the view that our circles have grown wider and shallower. That said, blaming technology alone seems too easy; in the end it comes down to what we choose to do with it.',
    ],
  ],
  C2: [
    [
      'I translate fiction for a living. Dialect and onomatopoeia give me no end of headaches, but the thrill of hitting on exactly the right word is what keeps me at it.',
    ],
    [
      'For once I had nothing on, so I set about doing as little as possible. I pottered around in my dressing gown until noon, made a pot of soup, and it was, I have to say, bliss.',
    ],
    [
      'Living by the river means that the view changes with every season, and I never tire of it. Mind you, the path floods whenever it so much as drizzles, which rather takes the shine off the romance.',
    ],
    [
      "Technology has lowered the threshold for letting people into our lives, and, by the same token, for showing them the door. I can't help wondering whether we are losing the knack of staying put when things get awkward.",
    ],
  ],
};
