/** Drawn from @faker-js/faker by scripts/freeze-vocabulary.ts; do not edit. */
import { words } from '../words.js';

export const fakerVersion = '10.6.0';

export const koreanFamilyNames = words(`
  가 간 갈 감 곽 구 국 금 길 노 라 류 명 문 반 백 범 부 빈 서 설 승 안 양 엄 여 연 온 육 윤 은 장 전 주
  태 표 한 함 현 형
`);

export const koreanMaleNames = words(`
  강현 건우 건호 건후 경민 규민 다원 단우 도영 도원 도율 도준 도현 동건 동규 동우 동욱 동준 동하 동혁 동현 로운 로이
  민기 민재 민준 민혁 민호 범준 상현 서원 서윤 서준 석현 선우 선호 성민 성빈 성우 성준 성진 세현 수민 수혁 수호 순기
  승우 승윤 승재 승현 승호 승훈 시완 시준 시현 시호 시환 시후 시훈 신우 아준 연우 영민 영우 영준 예준 예찬 요한 용준
  우성 우주 우준 우찬 우현 원우 원준 유민 유성 유찬 유현 윤성 윤찬 윤후 은찬 은혁 은호 이안 이준 이한 이현 재영 재원
  재윤 재율 재이 재하 재혁 재훈 재희 정현 정훈 주안 주완 주원 주혁 주현 준서 준석 준수 준영 준혁 준현 준형 준호 지민
  지안 지완 지원 지한 지환 지훈 진서 진우 찬영 찬희 채민 태경 태성 태양 태윤 태율 태현 태호 태훈 하늘 하민 하온 하윤
  하율 한결 한울 해준 현민 현석 현우 현준 현호 형준 호진 희찬
`);

export const koreanFemaleNames = words(`
  가영 가윤 가은 가을 가현 고은 나린 나윤 나율 다경 다연 다윤 다율 다은 다혜 다희 단비 단아 도은 도희 로아 리안 미소
  민솔 민아 민영 민정 민채 보경 보민 새봄 서린 서빈 서아 서영 서원 서인 서희 선우 설아 세린 세영 세희 소담 소영 소원
  소율 소이 수민 수아 수인 수정 수지 승연 시아 시은 시현 아름 아영 아진 여원 여진 연서 연수 연우 연재 연주 연지 예린
  예림 예빈 예서 예슬 예은 예인 예지 유경 유나 유리 유민 유은 유이 유정 유주 윤슬 윤아 윤주 윤채 윤하 은서 은솔 은유
  은지 은채 은혜 이서 이솔 이안 이현 재이 재인 재희 정연 정윤 정은 정현 제인 주아 주연 주원 주은 지민 지아 지안 지원
  지윤 지인 지현 지혜 지효 채민 채영 채원 채율 채이 채현 채희 태연 태은 태희 하늘 하린 하민 하빈 하연 하온 하윤 하율
  하음 한나 한별 해나 현아 혜린 혜윤 혜인 혜정 혜진 효은 희원
`);

export const koreanNeutralNames = words(`
  가온 다온 다원 도경 라온 민서 서우 서원 서진 선우 수민 시윤 시현 아인 연우 유민 유진 은수 은율 이안 재이 재희 정현
  준희 지민 지안 지온 지우 지원 지후 채민 태이 하랑 하민 하온 하윤 하율 하진 현서 현진
`);

export const englishMaleNames = words(`
  Adrian Aidan Alek Alvah Antwon Arthur Arturo Blair Blaze Braulio Bryant Buck Buford Caden Candido Cecil
  Claud Colton Dale Dane Dax Dayne Declan Denis Dimitri Dino Drake Dylan Eldred Elton Elwyn Emery Emmanuel
  Erik Ewell Faustino Freddy Gardner Gaston Gordon Grayson Grover Guido Hardy Harley Hipolito Homer Jaleel
  Jamil Jasper Jedidiah Jerod Jimmie Joel Johnpaul Jonathan Jovan Junius Kameron Kareem Keith Kent Kenyatta
  Kevon Kory Kyle Lamont Leif Lennie Liam London Marcos Marion Marty Maurice Maynard Miguel Miles Morgan Moses
  Nash Neal Norbert Norman Norwood Olaf Omer Pablo Quincy Raymond Reggie Reinhold Robbie Rodney Rodolfo Roland
  Roscoe Samson Sigmund Sigurd Stevie Stone Sven Tevin Todd Torrance Travis Trenton Tyrese Vance Vern Walton
  Watson Webster Weldon Wendell Wilbert Wilford Woodrow Zakary
`);

export const englishFemaleNames = words(`
  Adriana Aisha Alda Alison Alyssa Anabelle Aracely Audrey Bernita Beryl Bettie Blair Bobbie Bonita Brielle
  Carlotta Claire Clotilde Daphney Darla Dayana Delpha Dorthy Ebba Eleanor Elinor Elyse Emery Erika Erna
  Eulalia Felipa Flavie Freida Gillian Gregoria Halie Hortense Idella Inez Iris Iva Jazlyn Jill Julianne Julie
  Kailey Karlee Katheryn Kayli Kenna Kenyatta Kiara Kristen Kristine Laney Lavina Lelah Lenna Lennie Lera
  Lexie Liliane Lola London Loretta Louise Loyce Lucy Lysanne Marcella Maria Marie Marion Martina Mary Meggie
  Melody Michele Mina Mollie Mona Morgan Myah Myrtle Nikki Noelia Otilia Pattie Pearline Penny Reva Robbie
  Robyn Rosario Ruthie Shanel Shanelle Sienna Sigrid Stacey Stella Stevie Tami Tasha Taya Thea Tracey Tyra
  Ursula Vada Vesta Vickie Vida Vincenza Violet Vivian Vivienne Yolanda Zoie
`);

export const englishNeutralNames = words(`
  Addison Alexie Alexys Alvis Asa Aubrey Audie August Bethel Brook Burdette Cary Chesley Claudie Cleo Coty
  Eden Emery Emory Floy Jaeden Jamie Jammie Jennings Kenyatta Kris Milan Mina Monroe Montana Nakia Ollie
  Peyton Presley Rickie Ryley Schuyler Shea Tommie Van
`);

export const englishFamilyNames = words(`
  Abbott Ankunding Armstrong Auer Bahringer Balistreri Barrows Bartell Bartoletti Barton Becker Beier
  Bergstrom Bernhard Bernier Bode Bogan Bosco Brakus Brown Buckridge Collins Conn Conroy Corkery Crooks Daniel
  Dibbert Effertz Fahey Farrell Fay Fisher Fritsch Gerlach Glover Goyette Green Hagenes Hahn Halvorson Hamill
  Hammes Hand Hansen Hayes Hilpert Homenick Hyatt Jacobson Jerde Kautzer Keebler King Klein Koch Kohler
  Kreiger Kris Kuhn Kulas Labadie Leannon Leffler Legros Lesch Lindgren Little Lockman Marks Marvin Mayert
  Medhurst Mitchell Mohr Morissette Mueller Nader Nitzsche Nolan Olson Ortiz Parisian Pollich Pouros Prosacco
  Rempel Renner Reynolds Rolfson Romaguera Ryan Schmidt Schneider Schoen Schroeder Simonis Sporer Stark Stehr
  Stokes Streich Swift Thiel Thompson Torphy Turner Upton Vandervort Volkman Waelchi Walker Waters Weimann
  White Wiegand Williamson Wolf Wunsch Zieme
`);
