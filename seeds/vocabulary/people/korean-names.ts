import { weighted, type Weighted } from '../weighted.js';
import { words } from '../words.js';
import {
  koreanFamilyNames as drawnFamilyNames,
  koreanFemaleNames,
  koreanMaleNames,
  koreanNeutralNames,
} from './drawn-names.js';
import { generation, type GivenNames } from './given-names.js';
import { koreanName, type PersonName } from './person-name.js';

/** As people of the name spell it; how many of a thousand bear it. */
const common: readonly (readonly [hangul: string, spelling: string, perThousand: number])[] = [
  ['김', 'Kim', 215],
  ['이', 'Lee', 147],
  ['박', 'Park', 84],
  ['최', 'Choi', 47],
  ['정', 'Jung', 43],
  ['강', 'Kang', 24],
  ['조', 'Cho', 21],
  ['윤', 'Yoon', 21],
  ['장', 'Jang', 20],
  ['임', 'Lim', 17],
  ['한', 'Han', 16],
  ['오', 'Oh', 15],
  ['서', 'Seo', 15],
  ['신', 'Shin', 15],
  ['권', 'Kwon', 14],
  ['황', 'Hwang', 14],
  ['안', 'Ahn', 14],
  ['송', 'Song', 14],
  ['유', 'Yoo', 13],
  ['홍', 'Hong', 11],
  ['전', 'Jeon', 11],
  ['고', 'Ko', 9],
  ['문', 'Moon', 9],
  ['손', 'Son', 9],
  ['양', 'Yang', 9],
  ['배', 'Bae', 8],
  ['백', 'Baek', 8],
  ['허', 'Heo', 7],
  ['남', 'Nam', 6],
  ['심', 'Shim', 5],
  ['노', 'Noh', 5],
  ['하', 'Ha', 5],
  ['주', 'Joo', 4],
  ['곽', 'Kwak', 4],
  ['성', 'Sung', 4],
  ['차', 'Cha', 4],
  ['우', 'Woo', 4],
  ['구', 'Koo', 4],
  ['민', 'Min', 3],
  ['나', 'Na', 3],
  ['진', 'Jin', 3],
  ['지', 'Ji', 3],
  ['류', 'Ryu', 3],
  ['엄', 'Um', 3],
  ['채', 'Chae', 3],
  ['원', 'Won', 3],
  ['천', 'Chun', 2],
  ['방', 'Bang', 2],
  ['공', 'Kong', 2],
];

/** Common ones as often as in life, and rare ones. */
export const koreanFamilyNames: Weighted<PersonName> = weighted([
  ...common.map(([hangul, spelling, share]) => [koreanName(hangul, spelling), share] as const),
  ...drawnFamilyNames
    .filter((hangul) => !common.some(([known]) => known === hangul))
    .map((hangul) => [koreanName(hangul), 1] as const),
]);

/** What was given most in those years, before the rarer ones. */
export const koreanGivenNames: GivenNames = {
  male: [
    generation(
      1900,
      koreanName,
      words(`
      영수 영호 정호 상철 동수 진수 병철 경수 종수 광수 성수 기철 상훈 정훈 용호 창수 태호 현철 승호 영철 인수
      민호 영진 성호 재호 종호
    `),
    ),
    generation(
      1980,
      koreanName,
      words(`
      지훈 성민 상훈 정훈 성훈 준호 동현 민수 현우 성진 재현 진우 승현 민호 태훈 영민 형준 경민 상현 준영 재훈
      동욱 종민 진호 성호 우석
    `),
    ),
    generation(
      1990,
      koreanName,
      words(`
      지훈 동현 현우 준영 민수 성민 준호 승현 재현 민재 도현 상우 태현 진혁 우진 승민 민석 성현 정우 준혁 재원
      동훈 건우 찬호 영훈 태민
    `),
    ),
    generation(
      2000,
      koreanName,
      words(`
      민준 서준 예준 도윤 시우 주원 지호 준서 현준 건우 우진 선우 연우 민성 은찬 민규 승우 지환 유준 동하
    `),
      koreanMaleNames,
    ),
  ],
  female: [
    generation(
      1900,
      koreanName,
      words(`
      영희 미숙 정숙 경희 은주 미경 은정 지영 미영 현주 은영 선영 정희 명숙 혜경 수정 경숙 윤정 진희 미정 은희
      현숙 혜숙 영미 성희 금희
    `),
    ),
    generation(
      1980,
      koreanName,
      words(`
      지혜 지은 은정 수진 은영 지영 미영 혜진 현정 유진 보람 아름 민정 소영 선영 지현 은지 수정 윤정 다혜 혜원
      유미 정은 주희 효진 나영
    `),
    ),
    generation(
      1990,
      koreanName,
      words(`
      유진 민지 수빈 지현 지은 은지 예지 수진 지원 다은 혜진 예은 수민 소연 하늘 지수 현지 윤지 세희 가영 다영
      민경 채원 서영 유나 예린
    `),
    ),
    generation(
      2000,
      koreanName,
      words(`
      서연 민서 지민 서윤 하은 예린 채은 지유 수아 다인 나윤 하린 소율 예원 윤서 가은 시은 유빈 수현 지안
    `),
      koreanFemaleNames,
    ),
  ],
  neutral: [
    generation(1900, koreanName, words('재희 정민 은수 수현 성은 경민 영은 재영 인영 선희')),
    generation(1980, koreanName, words('지원 유진 정민 수현 은수 하늘 민영 재희 현진 선우 성은 진아')),
    generation(1990, koreanName, words('지원 지민 수민 유진 하늘 현서 정민 선우 은수 민서 다온 가람')),
    generation(
      2000,
      koreanName,
      words('서진 지우 시현 이안 지안 연우 하람 지유 도은 서우'),
      koreanNeutralNames,
    ),
  ],
};
