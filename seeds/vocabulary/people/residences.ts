import type { LanguageCode } from '../languages.js';
import { weighted, type Weighted } from '../weighted.js';

export interface Residence {
  readonly place: string;
  /** ISO 3166-1, two letters: what matching_preferences.preferred_countries has. */
  readonly country: string;
}

const korea = places('KR', [
  ['서울특별시 강남구', 22],
  ['서울특별시 강동구', 14],
  ['서울특별시 강북구', 8],
  ['서울특별시 강서구', 16],
  ['서울특별시 관악구', 20],
  ['서울특별시 광진구', 14],
  ['서울특별시 구로구', 12],
  ['서울특별시 금천구', 7],
  ['서울특별시 노원구', 15],
  ['서울특별시 도봉구', 8],
  ['서울특별시 동대문구', 13],
  ['서울특별시 동작구', 14],
  ['서울특별시 마포구', 22],
  ['서울특별시 서대문구', 14],
  ['서울특별시 서초구', 17],
  ['서울특별시 성동구', 13],
  ['서울특별시 성북구', 14],
  ['서울특별시 송파구', 22],
  ['서울특별시 양천구', 12],
  ['서울특별시 영등포구', 15],
  ['서울특별시 용산구', 10],
  ['서울특별시 은평구', 13],
  ['서울특별시 종로구', 7],
  ['서울특별시 중구', 6],
  ['서울특별시 중랑구', 10],
  ['부산광역시 해운대구', 14],
  ['부산광역시 부산진구', 12],
  ['부산광역시 수영구', 7],
  ['대구광역시 수성구', 12],
  ['대구광역시 달서구', 10],
  ['인천광역시 연수구', 13],
  ['인천광역시 부평구', 11],
  ['광주광역시 북구', 9],
  ['대전광역시 유성구', 13],
  ['대전광역시 서구', 8],
  ['울산광역시 남구', 7],
  ['세종특별자치시', 8],
  ['경기도 수원시', 22],
  ['경기도 성남시', 20],
  ['경기도 고양시', 18],
  ['경기도 용인시', 19],
  ['경기도 부천시', 12],
  ['경기도 안양시', 9],
  ['경기도 화성시', 14],
  ['경기도 파주시', 7],
  ['강원특별자치도 춘천시', 6],
  ['강원특별자치도 강릉시', 4],
  ['충청북도 청주시', 11],
  ['충청남도 천안시', 10],
  ['전북특별자치도 전주시', 10],
  ['전라남도 여수시', 4],
  ['전라남도 순천시', 4],
  ['경상북도 포항시', 6],
  ['경상북도 경주시', 4],
  ['경상남도 창원시', 11],
  ['경상남도 진주시', 5],
  ['제주특별자치도 제주시', 9],
  ['제주특별자치도 서귀포시', 3],
]);

/** Expatriates, and foreigners who study or work in Korea. */
const foreignersInKorea = places('KR', [
  ['Mapo-gu, Seoul', 20],
  ['Yongsan-gu, Seoul', 20],
  ['Seodaemun-gu, Seoul', 14],
  ['Haeundae-gu, Busan', 9],
  ['Suseong-gu, Daegu', 6],
  ['Yuseong-gu, Daejeon', 6],
  ['Yeonsu-gu, Incheon', 5],
  ['Suwon, Gyeonggi-do', 6],
  ['Jeju-si, Jeju', 4],
]);

const englishSpeaking = [
  ...places('US', [
    ['New York, NY', 60],
    ['Los Angeles, CA', 50],
    ['Chicago, IL', 30],
    ['Seattle, WA', 28],
    ['Austin, TX', 22],
    ['San Francisco, CA', 24],
    ['Atlanta, GA', 20],
    ['Denver, CO', 16],
    ['Portland, OR', 14],
    ['Minneapolis, MN', 12],
    ['Honolulu, HI', 8],
  ]),
  ...places('GB', [
    ['London', 55],
    ['Manchester', 25],
    ['Edinburgh', 18],
    ['Bristol', 14],
    ['Leeds', 12],
    ['Cardiff', 8],
    ['Belfast', 6],
  ]),
  ...places('CA', [
    ['Toronto, ON', 32],
    ['Vancouver, BC', 30],
    ['Calgary, AB', 10],
  ]),
  ...places('AU', [
    ['Sydney, NSW', 28],
    ['Melbourne, VIC', 26],
    ['Brisbane, QLD', 12],
  ]),
  ...places('NZ', [
    ['Auckland', 12],
    ['Wellington', 6],
  ]),
  ...places('IE', [['Dublin', 12]]),
  ...places('SG', [['Singapore', 14]]),
];

/** By mother tongue. */
export const residences: Readonly<Record<LanguageCode, Weighted<Residence>>> = {
  ko: weighted([
    ...korea,
    ...places('US', [['Los Angeles, CA', 6]]),
    ...places('GB', [['London', 4]]),
    ...places('CA', [['Vancouver, BC', 5]]),
    ...places('AU', [['Sydney, NSW', 5]]),
    ...places('JP', [['東京都', 4]]),
  ]),
  en: weighted([...englishSpeaking, ...foreignersInKorea]),
  ja: weighted([
    ...places('JP', [
      ['東京都', 40],
      ['大阪府', 26],
      ['神奈川県', 18],
      ['福岡県', 14],
      ['愛知県', 12],
      ['京都府', 10],
      ['北海道', 9],
    ]),
    ...places('KR', [['Mapo-gu, Seoul', 6]]),
  ]),
  zh: weighted([
    ...places('CN', [
      ['上海市', 30],
      ['北京市', 28],
      ['广州市', 14],
      ['深圳市', 14],
      ['成都市', 12],
      ['青岛市', 10],
    ]),
    ...places('SG', [['Singapore', 8]]),
    ...places('KR', [['Gwangjin-gu, Seoul', 12]]),
  ]),
  es: weighted([
    ...places('ES', [
      ['Madrid', 22],
      ['Barcelona', 18],
      ['Sevilla', 8],
    ]),
    ...places('MX', [
      ['Ciudad de México', 22],
      ['Guadalajara', 9],
    ]),
    ...places('AR', [['Buenos Aires', 12]]),
    ...places('CO', [['Bogotá', 10]]),
    ...places('CL', [['Santiago', 8]]),
    ...places('PE', [['Lima', 8]]),
  ]),
  fr: weighted([
    ...places('FR', [
      ['Paris', 30],
      ['Lyon', 14],
      ['Marseille', 9],
      ['Toulouse', 9],
      ['Nantes', 8],
      ['Bordeaux', 8],
    ]),
    ...places('BE', [['Bruxelles', 9]]),
    ...places('CH', [['Genève', 5]]),
    ...places('CA', [['Montréal, QC', 12]]),
  ]),
};

/** What people ask of their partner; null for anywhere. */
export const preferredCountries: Weighted<readonly string[] | null> = weighted<readonly string[] | null>([
  [null, 58],
  [['KR'], 12],
  [['US', 'GB', 'CA', 'AU'], 9],
  [['US', 'CA'], 6],
  [['GB', 'IE'], 4],
  [['AU', 'NZ'], 3],
  [['KR', 'US'], 3],
  [['KR', 'JP'], 3],
  [['JP'], 2],
]);

function places(
  country: string,
  list: readonly (readonly [place: string, weight: number])[],
): readonly (readonly [Residence, number])[] {
  return list.map(([place, weight]) => [{ place, country }, weight]);
}
