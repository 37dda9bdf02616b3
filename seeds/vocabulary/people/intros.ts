import type { LanguageCode } from '../languages.js';
import { texts, type Texts } from '../texts.js';
import { englishIntro } from './english-intro.js';
import { koreanIntro } from './korean-intro.js';

/** The parts of an introduction; any of one goes with any of the others. */
export interface IntroParts {
  readonly openings: readonly string[];
  readonly lives: readonly string[];
  readonly wishes: readonly string[];
  /** Between them; default a space. */
  readonly separator?: string;
}

const others: Readonly<Record<Exclude<LanguageCode, 'ko' | 'en'>, IntroParts>> = {
  ja: {
    separator: '',
    openings: ['はじめまして！', 'こんにちは。', 'よろしくお願いします！'],
    lives: [
      '韓国のドラマと料理が大好きです。',
      '旅行と写真が好きな会社員です。',
      '大学生で、語学を勉強しています。',
    ],
    wishes: [
      '楽しく話しましょう。',
      '間違いを直してもらえるとうれしいです。',
      '日本語のことなら何でも聞いてください。',
    ],
  },
  zh: {
    separator: '',
    openings: ['你好！', '大家好，很高兴认识你们。', '你好呀！'],
    lives: ['我喜欢旅行和做饭。', '我是大学生，对语言很感兴趣。', '我平时喜欢看电影、听音乐。'],
    wishes: ['我们一起练习吧！', '请多多指教。', '我可以帮你学中文。'],
  },
  es: {
    openings: ['¡Hola!', '¡Hola, mucho gusto!', '¡Buenas!'],
    lives: [
      'Me encanta cocinar y viajar.',
      'Estudio y trabajo a la vez.',
      'Me gusta la música y pasear con mi perro.',
    ],
    wishes: [
      'Busco a alguien para practicar.',
      'Puedo ayudarte con el español.',
      '¿Hablamos por las tardes?',
    ],
  },
  fr: {
    openings: ['Bonjour !', 'Salut !', 'Bonjour à tous !'],
    lives: [
      'J’aime le cinéma et la cuisine.',
      'Je travaille dans une petite librairie.',
      'J’adore voyager et prendre des photos.',
    ],
    wishes: ['Parlons ensemble !', 'Je peux t’aider avec le français.', 'Corrige-moi, s’il te plaît !'],
  },
};

/** By mother tongue: some hundreds in Korean and in English. */
export const intros: Readonly<Record<LanguageCode, Texts>> = {
  ko: combined(koreanIntro),
  en: combined(englishIntro),
  ja: combined(others.ja),
  zh: combined(others.zh),
  es: combined(others.es),
  fr: combined(others.fr),
};

function combined({ openings, lives, wishes, separator = ' ' }: IntroParts): Texts {
  return texts(
    openings.flatMap((opening) =>
      lives.flatMap((life) => wishes.map((wish) => [opening, life, wish].join(separator))),
    ),
  );
}
