import { texts, type Texts } from '../texts.js';
import { weighted, type Weighted } from '../weighted.js';
import type { FeedbackLanguage } from './test-feedback.js';

export const ratings = [1, 2, 3, 4, 5] as const;
export type Rating = (typeof ratings)[number];

/** What participants write, by their rating. */
export const sessionFeedback: Readonly<Record<FeedbackLanguage, Readonly<Record<Rating, Texts>>>> = {
  ko: {
    1: texts([
      '파트너가 나오지 않았어요.',
      '연결이 계속 끊겨서 대화를 거의 못 했어요.',
      '언어 교환이 아니라 다른 목적으로 오신 것 같았어요.',
    ]),
    2: texts([
      '소리가 자주 끊겨서 아쉬웠어요.',
      '영어로만 이야기해서 균형이 안 맞았어요.',
      '20분이나 늦게 시작해서 시간이 부족했어요.',
    ]),
    3: texts([
      '무난했어요. 다음에는 주제를 미리 정하면 좋겠어요.',
      '제가 준비를 못 해서 조금 아쉬웠어요.',
      '좋았는데 말이 조금 빨랐어요.',
    ]),
    4: texts([
      '틀린 표현을 바로 고쳐 주셔서 도움이 많이 됐어요.',
      '재미있었어요! 시간이 조금 짧게 느껴졌어요.',
      '설명이 친절해서 이해하기 쉬웠어요.',
      '다음에도 같이 하고 싶어요.',
    ]),
    5: texts([
      '최고였어요! 한 시간이 금방 지나갔어요.',
      '정말 친절하고 준비도 꼼꼼하게 해 오셨어요.',
      '덕분에 말하는 게 안 무서워졌어요. 감사합니다 😊',
      '발음을 하나하나 들어 주셔서 감동했어요.',
      '서로 많이 웃으면서 배웠어요!',
    ]),
  },
  en: {
    1: texts([
      'My partner did not show up.',
      'The connection kept dropping, so we hardly talked.',
      'This did not feel like a language exchange at all.',
    ]),
    2: texts([
      'The sound was choppy for most of the call.',
      'We only spoke one language, so it felt unbalanced.',
      'Started twenty minutes late, which left little time.',
    ]),
    3: texts([
      'It was fine. Next time we should agree on a topic first.',
      'I came unprepared, my own fault.',
      'Good, but a little too fast for me.',
    ]),
    4: texts([
      'Very helpful corrections, always at the right moment.',
      'Good fun! I wish it had been a bit longer.',
      'Explained everything patiently.',
      'Would love to do it again.',
    ]),
    5: texts([
      'Brilliant! The hour flew by.',
      'So kind, and so well prepared.',
      "I'm no longer afraid of speaking. 고마워요!",
      'Took the time to listen to every sound. Amazing.',
      'We laughed a lot and I learned even more.',
    ]),
  },
};

export interface RecordingFormat {
  /** As session_recordings.format has it. */
  readonly format: string;
  /** As session_recordings.quality has it. */
  readonly quality: string;
  /** About so many, for the file's size. */
  readonly bytesPerSecond: number;
}

export const recordingFormats: Weighted<RecordingFormat> = weighted([
  [{ format: 'MP4', quality: 'HD', bytesPerSecond: 187_000 }, 46],
  [{ format: 'WEBM', quality: 'HD', bytesPerSecond: 150_000 }, 22],
  [{ format: 'MP4', quality: 'SD', bytesPerSecond: 81_000 }, 20],
  [{ format: 'WEBM', quality: 'SD', bytesPerSecond: 66_000 }, 8],
  [{ format: 'MP4', quality: 'FHD', bytesPerSecond: 375_000 }, 4],
]);
