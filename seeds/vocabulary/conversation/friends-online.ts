import { a, aCorrects, b, bCorrects } from './thread.js';
import type { Topic } from './topic.js';

/** 반말 and plain English, between friends. */
export const friendsOnline: readonly Topic[] = [
  {
    id: 'slang-lesson',
    koreanOpens: [
      a(
        '야, "no cap"이 무슨 뜻이야? 모자가 없다는 거야? ㅋㅋ',
        '영어 채팅에서 "no cap" 봤는데 모자 얘기가 아니더라?',
      ),
      b(
        'Haha, it means "I\'m not lying". 진짜라는 뜻이야.',
        'It\'s slang for "for real". 거짓말이 아니라는 뜻!',
      ),
      a('Ah! Then: This tteokbokki is best of the world, no cap. Correct?'),
      bCorrects('Almost! "best of the world" → "the best in the world". The "no cap" part was perfect 😂'),
      a(
        'The best in the world, no cap 🧢 이제 나도 젊은이다!',
        'ㅋㅋㅋ 모자 없이 진심이야. 너도 한국 신조어 알아?',
      ),
      b("나는 '갑분싸'를 알아! 갑자기 분위기 싸해요, 맞지?"),
      aCorrects('오 대단해! 거의 맞아. "갑자기 분위기 싸해요" → "갑자기 분위기 싸해짐"의 줄임말이야.'),
      b('갑자기 분위기 싸해짐! I cause it every time I tell a joke 😅', '오케이! 내가 농담하면 갑분싸 ㅋㅋ'),
    ],
    englishOpens: [
      a(
        'My student called me "cringe" today and I had to look it up 😭',
        '한국어로 cringe가 뭐야? My little sister keeps saying it to me.',
      ),
      b("ㅋㅋㅋ 한국어로 '오글거려'야! 손가락이 오그라드는 느낌. Kids these days is scary."),
      aCorrects('They really are! "Kids these days is scary" → "Kids these days are scary". 오글거려!'),
      b('맞아! 닭살 돋는다고도 해.', '발음 좋은데? 옛날 일기 읽을 때 쓰면 돼 ㅋㅋ'),
      a('내 옛날 사진이 너무 오글거려. 그때 나는 머리가 보라색이 있었어.'),
      bCorrects('보라색?! 보고 싶다 ㅋㅋ "머리가 보라색이 있었어" → "머리가 보라색이었어"야.'),
      a('머리가 보라색이었어. The photos are locked away.', '보라색이었어! 그 사진은 절대 안 보여 줘.'),
      b('오글거려도 괜찮아, 보여 줘 ㅋㅋㅋ', 'I will wait patiently 👀 언젠가는 꼭!'),
    ],
  },
  {
    id: 'video-games',
    koreanOpens: [
      a(
        '어제 게임하다가 새벽 3시까지 못 잤어. 너 때문이야 ㅋㅋ',
        '우리 어제 진짜 잘했다! 마지막 판 대박이었어 🎮',
      ),
      b('That last round was epic! 근데 내가 세 번 죽었어 😅', 'Best team ever! 나는 좀 못했지만.'),
      a("You did well! Next time, don't go to there alone, I can't protect to you."),
      bCorrects('Deal! Two little ones: "go to there" → "go there", and "protect you" without to.'),
      a(
        'Go there, protect you. 이거 게임할 때 꼭 필요하네 ㅋㅋ',
        '게임하면서 영어 배우는 거 최고다! 오늘도 할래?',
      ),
      b('좋아! 그런데 오늘은 아홉 시까지 저녁을 먹어. 그 후에 시작하자!'),
      a(
        "아홉 시까지 먹는다고? 엄청 많이 먹네 ㅋㅋ '아홉 시에 저녁 먹어'지?",
        "두 시간 동안 먹어? ㅋㅋㅋ 아홉 시에 먹는 거면 '아홉 시에'라고 해!",
      ),
      b('하하 아홉 시에 저녁을 먹어! See you at ten, then.', '아홉 시에! One plate, I promise. 열 시에 봐!'),
    ],
    englishOpens: [
      a(
        'I taught my grandad to play a video game. 나보다 더 잘해!',
        '할아버지하고 게임했어. He beat me five times 😳',
      ),
      b('ㅋㅋㅋ 할아버지 최고! My grandmother also like game. She play card every night.'),
      aCorrects(
        'Grandmas rule! "also like game" → "also likes games", and then "She plays cards". 돈도 걸어? 😏',
      ),
      b('십 원짜리 ㅋㅋ 지면 진짜 화내셔.', '동전으로 해 ㅋㅋㅋ 근데 절대 안 져 주셔.'),
      a('우리 할아버지도 똑같아. 이기면 춤을 춰. 이제 나는 할아버지가 싶어.'),
      bCorrects('귀여우시다! 혹시 "할아버지가 싶어" → "할아버지가 보고 싶어"야?'),
      a("맞아, 할아버지가 보고 싶어. I'll call him tonight.", '응, 보고 싶어! I lost a verb somewhere.'),
      b('꼭 전화드려! 좋아하실 거야 📞', '다음에는 꼭 이겨라 ㅋㅋ Say hi to him!'),
    ],
  },
  {
    id: 'gym-fail',
    koreanOpens: [
      a(
        '오늘 헬스장에서 거울 보다가 러닝머신에서 넘어졌어 ㅋㅋㅋ 창피해',
        '헬스장 처음 갔는데 기구를 거꾸로 썼어. 다들 봤어…',
      ),
      b('Oh noooo 😂 안 다쳤어?', 'Hahaha, are you okay? 아무도 기억 못 할 거야.'),
      a("My body is okay, but my mind was hurted. I can't go there anymore."),
      bCorrects(
        'Everybody has done it! "my mind was hurted" → "my pride was hurt". Hurt, hurt, hurt: it never changes.',
      ),
      a(
        'My pride was hurt! 그래도 세 달 끊어서 가야 돼 ㅠㅠ',
        'Hurt, hurt, hurt. 노래 같다 ㅋㅋ 너도 운동해?',
      ),
      b('응, 나도 운동을 시작했어. 근데 근육이 없고 아픔만 있다. 오늘 계단을 못 내려갔다.'),
      a(
        "ㅋㅋㅋㅋ 일기 쓰는 것 같아! 말할 때는 '아픔만 있어, 못 내려갔어'라고 해.",
        "무슨 시 같다 ㅋㅋㅋ 친구한테는 '있어', '내려갔어'가 자연스러워.",
      ),
      b(
        '오늘 계단을 못 내려갔어. I lived on the second floor for an hour.',
        '못 내려갔어! My life is a sad poem.',
      ),
    ],
    englishOpens: [
      a(
        'My friend made me do a "fun" workout at 6 a.m. 재미없었어!!!',
        '새벽 6시에 운동했어. Never again 😵',
      ),
      b("새벽 여섯 시?! 사람 맞아? I can't even open my eye at that time."),
      aCorrects(
        'Exactly, it\'s not human! Both of them, hopefully: "open my eye" → "open my eyes". 너는 몇 시에 일어나?',
      ),
      b('주말에는 열한 시 ㅋㅋ 평일에는 일곱 시.', 'Both eyes ㅋㅋㅋ 나는 알람 다섯 개 있어야 일어나.'),
      a('나도 그래! 지금 팔이 너무 아퍼서 핸드폰을 못 들어.'),
      bCorrects('어떻게 쓰고 있는 거야 ㅋㅋㅋ "아퍼서" → "아파서"야. 말할 때는 다들 아퍼라고도 하지만!'),
      a("아파서! I'm typing with my nose 👃", '팔이 아파서 코로 쓰고 있어. No joke.'),
      b('ㅋㅋㅋ 코로 쓰는데 맞춤법 완벽하다!', '오늘은 쉬어라 제발 ㅋㅋ Sleep well!'),
    ],
  },
];
