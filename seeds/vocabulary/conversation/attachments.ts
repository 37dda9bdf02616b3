import { jsonTexts, texts, type Texts } from '../texts.js';
import { words } from '../words.js';

/** A file of each index: its URL and its metadata in both lists. */
export interface Attachments {
  readonly urls: Texts;
  /** JSON of chat_messages.file_metadata. */
  readonly metadata: Texts;
}

interface AttachedFile {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
}

const photoSizes = [
  [3024, 4032],
  [4032, 3024],
  [1080, 1920],
  [1440, 1080],
  [1242, 2688],
] as const;

const images: readonly AttachedFile[] = words(`
  bukhansan-view.jpg 벚꽃길.jpg lunch-today.jpg 김치찌개.jpg my-desk.jpg 단어장.png homework-page-1.jpg 우리집강아지.jpg
  cat-on-keyboard.jpg sunrise.jpg 한강야경.jpg snow-outside.jpg cafe-window.jpg 시장귤.jpg bookshelf.jpg 공항.jpg
  screenshot_grammar.png 메뉴판.jpg kimbap-fail.jpg birthday-cake.jpg 단풍.jpg beach-walk.jpg concert-stage.jpg 새머리.jpg
  train-ticket.png 노을.jpg garden-tomato.jpg 콘서트표.png street-sign.jpg handwriting.png 떡볶이.jpg rainy-day.jpg
`).map((name, index) => {
  const [width, height] = photoSizes[index % photoSizes.length] ?? photoSizes[0];
  const size = Math.round(width * height * (0.12 + 0.017 * (index % 11)));
  return { name, size, type: name.endsWith('.png') ? 'image/png' : 'image/jpeg', width, height };
});

const voices: readonly AttachedFile[] = [
  2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 17, 19, 21, 24, 27, 31, 36, 42, 48, 55, 63, 78,
].map((duration, index) => ({
  name: `voice-${String(index + 1).padStart(2, '0')}.m4a`,
  size: duration * 4_100 + 1_700 + 37 * index,
  type: 'audio/mp4',
  duration,
}));

const files: readonly AttachedFile[] = [
  { name: '자기소개서_수정본.docx', size: 48_213, type: wordDocument() },
  { name: 'cover-letter.docx', size: 39_870, type: wordDocument() },
  { name: '영어_일기_3월.docx', size: 27_615, type: wordDocument() },
  { name: 'interview-questions.pdf', size: 182_440, type: 'application/pdf' },
  { name: '존댓말_정리.pdf', size: 254_118, type: 'application/pdf' },
  { name: 'irregular-verbs.pdf', size: 96_377, type: 'application/pdf' },
  { name: '발음_연습표.pdf', size: 121_904, type: 'application/pdf' },
  { name: 'study-plan.pdf', size: 70_152, type: 'application/pdf' },
  { name: '단어_500개.csv', size: 18_344, type: 'text/csv' },
  { name: 'flashcards-week-1.csv', size: 6_208, type: 'text/csv' },
  { name: 'notes.txt', size: 2_431, type: 'text/plain' },
  { name: '김치찌개_레시피.txt', size: 1_187, type: 'text/plain' },
  { name: 'presentation-draft.pptx', size: 1_420_733, type: slides() },
  { name: '발표_자료.pptx', size: 2_305_611, type: slides() },
  { name: 'travel-plan.xlsx', size: 15_902, type: sheet() },
  { name: '공부_시간표.xlsx', size: 12_746, type: sheet() },
];

export const attachments: Readonly<Record<'IMAGE' | 'VOICE' | 'FILE', Attachments>> = {
  IMAGE: attachmentsOf('images', images),
  VOICE: attachmentsOf('voices', voices),
  FILE: attachmentsOf('files', files),
};

/** The stored name is another than the sender's: ASCII, and no two are the same. */
function attachmentsOf(folder: string, list: readonly AttachedFile[]): Attachments {
  return {
    urls: texts(
      list.map(({ name }, index) => {
        const extension = name.slice(name.lastIndexOf('.'));
        return `https://media.studymate.example/${folder}/${String(index + 1).padStart(4, '0')}${extension}`;
      }),
    ),
    metadata: jsonTexts(list),
  };
}

function wordDocument(): string {
  return 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
}

function slides(): string {
  return 'application/vnd.openxmlformats-officedocument.presentationml.presentation';
}

function sheet(): string {
  return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
}
