import { notificationTypes } from '../vocabulary/index.js';
import type { NoticeKind } from '../world/notices.js';

type NoticeTexts = Pick<(typeof notificationTypes.items)[number], 'priority' | 'ko' | 'en'>;

/** Our badges are for numbers of sessions. */
const badge: NoticeTexts = {
  priority: 'LOW',
  ko: { title: '새 배지 🏅', message: '학습 세션을 {count}번 마쳤어요. 정말 대단해요!' },
  en: { title: 'New badge 🏅', message: 'Sessions finished: {count}. Well done!' },
};

/** @throws Error if the vocabulary has nothing to say */
export function noticeTexts(kind: NoticeKind): NoticeTexts {
  if (kind === 'BADGE_EARNED') return badge;
  const texts = notificationTypes.items.find(({ type }) => type === kind);
  if (texts === undefined) throw new Error(`no texts for notifications of ${kind}`);
  return texts;
}
