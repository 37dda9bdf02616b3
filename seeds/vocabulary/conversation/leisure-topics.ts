import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

export const leisureTopics: readonly Topic[] = [
  {
    id: 'films',
    koreanOpens: [
      a(
        '어제 본 영화가 계속 생각나요. 아버지와 딸 이야기인데 정말 많이 울었어요.',
        '주말에 영화 한 편 봤는데 너무 감동적이었어요 🎬',
      ),
      b('Oh, I love films that make me cry. 제목이 뭐예요?', 'Tell me more! 무슨 영화였어요?'),
      a("I don't remember the English title. It's a story about a father who waiting for his daughter."),
      bCorrects(
        'Sounds touching. "a father who waiting" → "a father who is waiting", or simply "a father waiting for". Did it have a happy ending?',
      ),
      a(
        'A father who is waiting. 네, 마지막에는 만나요! 영화 자주 보세요?',
        'Yes, they meet at last! 어떤 영화를 좋아하세요?',
      ),
      b('저는 무서운 영화를 좋아해요. 하지만 혼자 못 봐요. 밤에 잠을 못 잤요.'),
      aCorrects('무서운데 좋아하시는군요 ㅎㅎ "잠을 못 잤요" → "잠을 못 자요"예요. 늘 그러니까 현재로요.'),
      b(
        '밤에 잠을 못 자요. And yet I keep watching them 👻',
        "못 자요! I sleep with the light on, don't laugh.",
      ),
    ],
    englishOpens: [
      a(
        'Do you watch films with or without subtitles? 저는 자막 없이 보면 반만 이해해요.',
        '어제 한국 영화를 자막 없이 봤어요. I understood almost nothing 😅',
      ),
      b('대단한 도전이에요! I always watch with subtitle, or I lost the story.'),
      aCorrects(
        'Same here. Two fixes: "with subtitle" → "with subtitles", and "or I lose the story". Any easy film to start with?',
      ),
      b(
        '가족 영화가 좋을 것 같아요. 일상 대화가 많이 나오거든요.',
        '애니메이션은 어때요? 발음이 또렷해서 듣기 편해요.',
      ),
      a('좋은 생각이에요. 오늘 밤에 보는 것 하겠어요.'),
      bCorrects('좋아요! "보는 것 하겠어요" → "볼게요" 또는 \'보려고 해요\'라고 하면 돼요.'),
      a('오늘 밤에 볼게요! So much shorter.', '볼게요! 끝나면 바로 이야기할게요.'),
      b('어떤 장면이 좋았는지 꼭 말해 주세요. Enjoy the movie!', '팝콘 꼭 준비하시고요 🍿 Good night!'),
    ],
  },
  {
    id: 'reading',
    koreanOpens: [
      a(
        '요즘 자기 전에 영어 소설을 조금씩 읽어요. 하루에 두 쪽이 목표예요.',
        '처음으로 영어 책 한 권을 끝까지 읽었어요! 뿌듯해요 📖',
      ),
      b(
        "That's wonderful! What kind of book is it? 저는 한국 시를 읽고 싶어요.",
        'Brilliant! How long did it take? 어떤 이야기예요?',
      ),
      a('It is a mystery novel. I was surprising at the last page.'),
      bCorrects(
        'A good twist! "I was surprising" → "I was surprised". The ending was surprising, and you were surprised.',
      ),
      a(
        'I was surprised! -ing하고 -ed는 정말 헷갈리네요. 시는 왜 좋아하세요?',
        '알겠어요, 사람은 surprised! 요즘 뭐 읽으세요?',
      ),
      b('시는 짧아서 좋아요. 근데 단어를 하나하나 찾아야 되서 오래 걸려요.'),
      aCorrects('사전 찾는 시간도 공부예요! "찾아야 되서" → "찾아야 돼서"예요. 한국 사람도 자주 틀려요.'),
      b(
        '돼서! Really? Koreans get it wrong too? 위로가 되네요 ㅎㅎ',
        "찾아야 돼서. Good to know I'm not alone!",
      ),
    ],
    englishOpens: [
      a(
        "I'm looking for an easy Korean book. 추천해 줄 수 있어요?",
        'Could you recommend a book for a beginner like me? 그림이 많으면 좋겠어요!',
      ),
      b(
        '그림책부터 시작해 보세요! When I was young, I read the picture book everyday about a bear who lost its hat and cried.',
      ),
      aCorrects(
        'That sounds sweet. "everyday" → "every day", in two words, when it says how often. 어디에서 사요?',
      ),
      b(
        '인터넷 서점에서 살 수 있어요. 도서관에 한국 책이 있을 수도 있고요.',
        '큰 서점이나 온라인에서 사면 돼요. 전자책도 있어요!',
      ),
      a('고마워요. 저는 종이 책이 더 좋아해요.'),
      bCorrects(
        '저도요! "종이 책이 더 좋아해요" → "종이 책을 더 좋아해요"예요. 아니면 \'종이 책이 더 좋아요\'도 돼요.',
      ),
      a('종이 책을 더 좋아해요. And I love the smell!', '종이 책이 더 좋아요. Two ways, one meaning!'),
      b('네, 맞아요 😊 Happy reading!', '책 냄새 최고죠. Tell me when you finish it.'),
    ],
  },
  {
    id: 'learning-guitar',
    koreanOpens: [
      a(
        '저 기타 배우기 시작했어요! 손가락이 너무 아파요 ㅠㅠ',
        '기타 학원에 등록했어요 🎸 아직 코드 두 개밖에 못 쳐요.',
      ),
      b(
        'Good for you! The pain goes away after a few weeks. 무슨 노래를 연습해요?',
        'Two chords are enough for many songs! 왜 시작했어요?',
      ),
      a("I want to play a song in my friend's wedding. I have to practice hardly."),
      bCorrects(
        'What a lovely present! "practice hardly" → "practise hard". "Hardly" means almost not at all!',
      ),
      a(
        'Oh no, the opposite! I have to practise hard. 악기 다룰 줄 아세요?',
        '정반대 뜻이었네요 ㅎㅎ 악기 하실 줄 아는 거 있으세요?',
      ),
      b('저는 피아노를 쳤었어요. 지금은 손이 기억을 안 해요. 피아노를 열 년 배웠어요.'),
      aCorrects('오래 배우셨네요! "열 년" → "십 년"이에요. \'년\' 앞에는 일, 이, 삼을 써요.'),
      b(
        '십 년! 그리고 손가락은 열 개. Korean numbers, why? 😂',
        '십 년 배웠어요. Maybe we can play together one day!',
      ),
    ],
    englishOpens: [
      a(
        'My choir has a concert this Friday. 저는 너무 떨려요!',
        '금요일에 노래해요! I sing in a small choir.',
      ),
      b('와, 합창단이요? 멋져요! I wish your concert will success.'),
      aCorrects(
        'Thank you! "I wish your concert will success" → "I hope your concert goes well". 우리는 크리스마스 노래를 불러요.',
      ),
      b('크리스마스 노래 좋죠! 몇 명이 같이 불러요?', 'I hope it goes well! 사람이 많이 와요?'),
      a('마흔 명이 노래를 해요. 그리고 제 어머니도 옵니다. 어머니는 항상 울어요.'),
      bCorrects('감동적이네요. "어머니는 항상 울어요" → "어머니는 항상 우세요"라고 하면 더 공손해요.'),
      a('어머니는 항상 우세요. Happy tears, I hope!', "우세요! The ㄹ disappeared again, didn't it?"),
      b('네, 맞아요 ㅎㅎ Have fun on Friday! 🎶', '행복한 눈물일 거예요. 금요일 잘하세요!'),
    ],
  },
];
