export interface SessionTopic {
  readonly title: string;
  readonly description: string;
}

export const sessionTopics: readonly SessionTopic[] = [
  {
    title: '자기소개와 취미',
    description: '서로를 알아 가는 첫 시간이에요. 반은 한국어, 반은 영어로 이야기해요.',
  },
  {
    title: 'Small talk that feels natural',
    description: 'The weather, the weekend and what to say after "How are you?"',
  },
  { title: '주말 이야기', description: '지난 주말을 과거형으로 이야기해 봐요.' },
  { title: 'Ordering food like a local', description: 'Role play in a restaurant, once in each language.' },
  { title: '존댓말과 반말', description: '언제 무엇을 쓰는지 상황극으로 연습해요.' },
  {
    title: 'Job interview practice',
    description: 'Three common questions, honest feedback, and a second try.',
  },
  { title: '여행 계획 세우기', description: '가고 싶은 곳을 고르고 일정을 함께 짜요.' },
  { title: 'Pronunciation clinic', description: 'Bring five words that never come out right.' },
  { title: '영화 이야기', description: '최근에 본 영화를 소개하고 추천해 주세요. 결말은 비밀!' },
  { title: 'Describing people and places', description: 'Photos on the table, adjectives at the ready.' },
  { title: '전화 영어', description: '예약하기, 약속 바꾸기, 다시 물어보기를 연습해요.' },
  { title: 'Idioms and proverbs', description: 'One proverb each, and a story that fits it.' },
  { title: '명절과 문화', description: '명절 음식, 인사말, 가족 이야기를 나눠요.' },
  { title: 'Telling a story well', description: 'First, then, suddenly: how to keep your listener awake.' },
  { title: '회사에서 쓰는 표현', description: '회의, 이메일, 보고에 자주 쓰는 말을 정리해요.' },
  {
    title: 'Agreeing and disagreeing politely',
    description: 'Two easy topics, one for and one against, then swap.',
  },
  { title: '요리하면서 배우기', description: '같은 음식을 동시에 만들면서 설명해요.' },
  { title: 'Free talk', description: 'No plan. We follow the conversation wherever it goes.' },
  { title: '자유 대화', description: '주제 없이 편하게 이야기해요.' },
  { title: 'News in simple words', description: 'Each of us explains one article from this week.' },
  { title: '발음과 억양', description: '짧은 문장을 듣고 따라 하며 억양을 익혀요.' },
  { title: 'Writing feedback', description: 'We go through a diary page or a cover letter line by line.' },
  { title: 'TOPIK 쓰기 연습', description: '기출 주제로 짧은 글을 쓰고 함께 고쳐요.' },
  { title: 'Health and habits', description: 'Sleep, sport and the vocabulary of a visit to the doctor.' },
  { title: '어릴 때 이야기', description: '추억을 나누며 회상하는 표현을 연습해요.' },
  { title: 'Making plans', description: 'Invitations, excuses and finding a date that suits everybody.' },
  { title: '길 묻기와 안내하기', description: '지도를 보며 길을 설명해 봐요.' },
  { title: 'Slang of the month', description: 'What do people really say? And what should you never say?' },
  { title: '책 한 권 나누기', description: '좋아하는 구절을 읽고 이유를 말해요.' },
  {
    title: 'Review of the month',
    description: 'What have we learned, what comes next, and who owes whom a coffee?',
  },
];
