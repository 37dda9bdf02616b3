export interface GroupRoom {
  readonly name: string;
  readonly description: string;
}

export const groupRooms: readonly GroupRoom[] = [
  { name: '아침 영어 한 문장', description: '매일 아침 영어로 한 문장씩 쓰고 서로 고쳐 줘요.' },
  { name: '주말 한국어 수다방', description: '주말마다 한국어로 편하게 이야기해요. 초보도 환영해요!' },
  {
    name: 'Korean for Beginners',
    description: 'First steps in Korean together: letters, greetings, and no fear of mistakes.',
  },
  { name: '한국어 ↔ English', description: 'Half an hour in each language. 틀려도 괜찮아요!' },
  { name: '발음 연습 모임', description: '음성 메시지로 발음을 연습하고 의견을 나눠요.' },
  { name: 'Book Club: Short Stories', description: 'One short story a month, in Korean or in English.' },
  { name: '영화로 배우는 영어', description: '한 달에 한 편을 보고 좋았던 대사를 나눠요.' },
  {
    name: 'Cooking Together',
    description: 'Recipes in two languages, photos of successes and disasters alike.',
  },
  { name: '면접 준비반', description: '영어 면접을 준비하는 사람들의 모의 면접 모임이에요.' },
  { name: 'TOPIK Study Group', description: 'Practice papers, writing feedback and mutual encouragement.' },
  { name: '여행 영어', description: '공항부터 식당까지, 여행에 필요한 표현을 연습해요.' },
  { name: 'Night Owls 🦉', description: 'For those who study after midnight, wherever their midnight is.' },
  { name: '문법 질문방', description: '문법이 헷갈릴 때 물어보세요. 이유까지 설명해 드려요.' },
  {
    name: 'Idiom of the Week',
    description: 'One idiom in each language every Monday. Use it before Friday!',
  },
  { name: '직장인 이메일 영어', description: '업무 메일을 자연스럽게 쓰는 연습을 해요.' },
  { name: 'Parents Who Learn', description: 'Short chats between bedtime stories and laundry.' },
  { name: '사진 한 장, 문장 하나', description: '오늘 찍은 사진을 외국어 한 문장으로 설명해요.' },
  { name: '日本語・한국어 교환', description: '일본어와 한국어를 함께 연습하는 방이에요.' },
  { name: 'Silent Study Room', description: 'Cameras on, microphones off. We say hello and goodbye.' },
  { name: '듣기 훈련소', description: '짧은 음성을 듣고 받아쓰기를 해요. 하루 5분이면 충분해요!' },
];
