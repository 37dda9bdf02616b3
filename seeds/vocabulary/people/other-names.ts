import type { LanguageCode } from '../languages.js';
import { equallyWeighted, type Weighted } from '../weighted.js';
import { words } from '../words.js';
import { generation, type GivenNames } from './given-names.js';
import { latinName, type PersonName } from './person-name.js';

type OtherLanguage = Exclude<LanguageCode, 'ko' | 'en'>;

/** In ASCII letters as their bearers write them abroad; the same for every generation. */
export const otherGivenNames: Readonly<Record<OtherLanguage, GivenNames>> = {
  ja: givenNames(
    'Haruto Yuto Sota Ren Hiroshi Kenji Takumi Daiki Shota Kaito Ryo Yuki Kenta Naoki Satoshi Tsubasa Koji Makoto Hayato Riku',
    'Yui Sakura Hina Aoi Misaki Yuko Akiko Haruka Nanami Emi Ayaka Mio Kana Rina Keiko Asuka Mei Natsuki Tomoko Chihiro',
    'Akira Hikaru Kaoru Makoto Nao Rei Yu Shinobu',
  ),
  zh: givenNames(
    'Wei Jun Hao Ming Lei Bo Jie Tao Qiang Chen Yifan Haoran Zihan Yuchen Jianguo Zhiyuan Peng Kai Xiang Dawei',
    'Fang Min Jing Li Na Xiuying Yan Mei Lan Yuting Xinyi Zihan Meilin Yue Qian Shan Ting Lihua Xue Wenjing',
    'Yang Xin Rui Yu Ning An Le Jia',
  ),
  es: givenNames(
    'Alejandro Carlos Diego Pablo Javier Miguel Andres Luis Sergio Mateo Santiago Daniel Jorge Fernando Hugo Adrian Rafael Tomas Bruno Alvaro',
    'Maria Lucia Carmen Ana Sofia Valentina Camila Paula Elena Laura Isabel Martina Andrea Gabriela Julia Daniela Rosa Ines Alba Natalia',
    'Alex Ariel Cruz Noa Guadalupe Trinidad Rene Angel',
  ),
  fr: givenNames(
    'Lucas Hugo Louis Gabriel Jules Antoine Nicolas Julien Pierre Mathieu Thomas Maxime Alexandre Paul Arthur Quentin Romain Olivier Theo Bastien',
    'Camille Emma Lea Manon Chloe Julie Marie Sophie Claire Louise Alice Juliette Pauline Mathilde Charlotte Lucie Elodie Margaux Helene Ines',
    'Camille Dominique Claude Alix Maxime Sacha Charlie Andrea',
  ),
};

export const otherFamilyNames: Readonly<Record<OtherLanguage, Weighted<PersonName>>> = {
  ja: familyNames(`
    Sato Suzuki Takahashi Tanaka Ito Watanabe Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki Yamaguchi
    Matsumoto Inoue Kimura Hayashi Shimizu Saito Mori Abe Ikeda Hashimoto Ishikawa Ogawa Goto Okada Maeda Fujita
  `),
  zh: familyNames(`
    Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng
    Han Feng Cao Peng
  `),
  es: familyNames(`
    Garcia Rodriguez Gonzalez Fernandez Lopez Martinez Sanchez Perez Gomez Martin Jimenez Ruiz Hernandez Diaz Moreno
    Alvarez Romero Navarro Torres Dominguez Vazquez Ramos Gil Serrano Molina Castro Ortiz Rubio Delgado Vargas
  `),
  fr: familyNames(`
    Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel Garcia Bertrand
    Roux Vincent Fournier Morel Girard Andre Lefevre Mercier Dupont Lambert Bonnet Francois Martinez Faure
  `),
};

function givenNames(male: string, female: string, neutral: string): GivenNames {
  const always = (names: string): GivenNames['male'] => [generation(1900, latinName, words(names))];
  return { male: always(male), female: always(female), neutral: always(neutral) };
}

function familyNames(names: string): Weighted<PersonName> {
  return equallyWeighted(words(names).map(latinName));
}
