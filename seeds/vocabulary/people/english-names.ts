import { weighted, type Weighted } from '../weighted.js';
import { words } from '../words.js';
import {
  englishFamilyNames as drawnFamilyNames,
  englishFemaleNames,
  englishMaleNames,
  englishNeutralNames,
} from './drawn-names.js';
import { generation, type GivenNames } from './given-names.js';
import { latinName, type PersonName } from './person-name.js';

const common = words(`
  Smith Jones Williams Brown Taylor Davies Wilson Evans Thomas Johnson Roberts Walker Wright Robinson Thompson White
  Hughes Edwards Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Scott Cooper Morris Ward Moore
  King Watson Baker Harrison Morgan Patel Young Allen Mitchell James Anderson Phillips Lee Bell Parker Davis Bennett
  Miller Cook Shaw Richardson Carter Collins Marshall Bailey Gray Cox Adams Wilkinson Foster Chapman Mason Russell
  Powell Webb Rogers Hunt Mills Holmes Palmer Matthews Gibson Fisher Barnes Knight Lloyd Butler Price Murray Reynolds
  Ellis Murphy Kelly Ryan Walsh Campbell Stewart Fraser Grant Reid Ross Garcia Nguyen Cohen Kaur Okafor Silva
`);

export const englishFamilyNames: Weighted<PersonName> = weighted([
  ...common.map((name, rank) => [latinName(name), 16 - Math.floor((12 * rank) / common.length)] as const),
  ...drawnFamilyNames.filter((name) => !common.includes(name)).map((name) => [latinName(name), 1] as const),
]);

export const englishGivenNames: GivenNames = {
  male: [
    generation(
      1900,
      latinName,
      words(`
      David Michael John James Robert Paul Mark Peter Stephen Andrew Richard William Thomas Kevin Steven Brian Martin
      Ian Gary Alan Graham Simon Keith Philip Neil Colin
    `),
      englishMaleNames,
    ),
    generation(
      1980,
      latinName,
      words(`
      Christopher Matthew Daniel James Michael David Andrew Jonathan Adam Benjamin Robert Mark Thomas Ryan Stuart Ross
      Craig Nicholas Alexander Anthony Jason Brandon Justin Sean Scott Luke
    `),
      englishMaleNames,
    ),
    generation(
      1990,
      latinName,
      words(`
      Joshua Jack Thomas Daniel Matthew James Ryan Luke Samuel Jordan Adam Connor Alexander Benjamin Joseph Liam
      Tyler Nathan Callum Jake Ethan Dylan Aaron Kyle Lewis Zachary
    `),
      englishMaleNames,
    ),
    generation(
      2000,
      latinName,
      words(`
      Oliver Noah Jack Ethan Lucas Harry Mason Logan Leo Oscar Elijah Charlie Henry Theo Aiden Finn Jayden Max Isaac
      Caleb Owen Archie Levi Hudson
    `),
      englishMaleNames,
    ),
  ],
  female: [
    generation(
      1900,
      latinName,
      words(`
      Susan Karen Linda Helen Deborah Julie Jane Sarah Patricia Elizabeth Mary Alison Christine Margaret Angela Tracy
      Sharon Janet Carol Diane Wendy Lesley Nancy Donna Anne Catherine
    `),
      englishFemaleNames,
    ),
    generation(
      1980,
      latinName,
      words(`
      Jessica Sarah Laura Emma Jennifer Amy Rebecca Rachel Claire Nicole Amanda Melissa Stephanie Katie Gemma Kelly
      Heather Natalie Hannah Lisa Samantha Michelle Lindsay Erin Megan Vanessa
    `),
      englishFemaleNames,
    ),
    generation(
      1990,
      latinName,
      words(`
      Emily Jessica Sophie Hannah Chloe Megan Lauren Charlotte Bethany Rebecca Amber Georgia Olivia Danielle Holly
      Abigail Courtney Zoe Jasmine Samantha Paige Caitlin Alice Madison Molly Naomi
    `),
      englishFemaleNames,
    ),
    generation(
      2000,
      latinName,
      words(`
      Olivia Emma Ava Sophia Amelia Isla Mia Lily Grace Ella Ruby Isabella Evie Freya Poppy Harper Zara Layla Aria
      Nora Hazel Maya Ivy Daisy
    `),
      englishFemaleNames,
    ),
  ],
  neutral: [
    generation(
      1900,
      latinName,
      words('Robin Chris Terry Leslie Pat Jackie Kim Lee Alex Jean'),
      englishNeutralNames,
    ),
    generation(
      1980,
      latinName,
      words('Alex Jamie Sam Jordan Taylor Casey Morgan Lee Robin Ashley'),
      englishNeutralNames,
    ),
    generation(
      1990,
      latinName,
      words('Alex Taylor Jordan Sam Charlie Riley Cameron Jamie Casey Rowan'),
      englishNeutralNames,
    ),
    generation(
      2000,
      latinName,
      words('Avery Riley Quinn Rowan Charlie River Alex Skyler Sage Reese'),
      englishNeutralNames,
    ),
  ],
};
