import { texts, type Texts } from '../texts.js';
import { weighted, type Weighted } from '../weighted.js';

/**
 * Reserved by RFC 2606 and RFC 6761: nobody can own an address there, so that no real person gets a mail from a
 * seeded database, whatever is sent from it.
 */
export const mailDomains: Weighted<string> = weighted([
  ['mail.example', 46],
  ['example.com', 22],
  ['post.example', 12],
  ['example.net', 8],
  ['univ.example', 7],
  ['example.org', 5],
]);

/** Null for those who have none. At the reserved domain `studymate.example`, like all files of the seed. */
export function profileImageUrl(picture: number): string {
  return `https://images.studymate.example/profiles/${String(picture).padStart(8, '0')}.webp`;
}

/** Unique for unique numbers, and in the form that the provider gives out: 21 digits, or 43 letters and digits. */
export function oauthId(provider: 'GOOGLE' | 'NAVER', number: number): string {
  if (provider === 'GOOGLE') return `1${String(number).padStart(20, '0')}`;
  return `seed-${number.toString(36).padStart(38, '0')}`;
}

const browsers: readonly (readonly [platform: string, engine: string, versions: readonly string[]])[] = [
  ['Macintosh; Intel Mac OS X 10_15_7', chrome('%'), ['138', '139', '140', '141', '142']],
  ['Windows NT 10.0; Win64; x64', chrome('%'), ['138', '139', '140', '141', '142']],
  ['Windows NT 10.0; Win64; x64', `${chrome('%')} Edg/%.0.0.0`, ['140', '141', '142']],
  ['X11; Linux x86_64', chrome('%'), ['140', '142']],
  ['Linux; Android 10; K', chrome('%', ' Mobile'), ['137', '138', '139', '140', '141', '142']],
  ['Linux; Android 10; K', `SamsungBrowser/% ${chrome('136', ' Mobile')}`, ['28.0', '29.0']],
  ['Macintosh; Intel Mac OS X 10_15_7', safari('%', ''), ['17.6', '18.5', '18.6', '26.0']],
  [
    'iPhone; CPU iPhone OS 18_6 like Mac OS X',
    safari('%', ' Mobile/15E148'),
    ['18.5', '18.6', '26.0', '26.1'],
  ],
  ['iPad; CPU OS 18_6 like Mac OS X', safari('%', ' Mobile/15E148'), ['18.6', '26.0']],
];

const firefox = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10.15',
  'X11; Linux x86_64',
].flatMap((platform) =>
  ['140', '143', '144'].map(
    (version) => `Mozilla/5.0 (${platform}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`,
  ),
);

const app = ['2.8.1', '2.9.0', '2.9.3'].flatMap((version) => [
  `StudyMate/${version} (iOS 18.6; iPhone)`,
  `StudyMate/${version} (Android 15)`,
]);

export const userAgents: Texts = texts([
  ...browsers.flatMap(([platform, engine, versions]) =>
    versions.map((version) => `Mozilla/5.0 (${platform}) ${engine.replaceAll('%', version)}`),
  ),
  ...firefox,
  ...app,
]);

/** Of the networks kept for documentation (RFC 5737, RFC 3849): they belong to nobody. As inet prints them. */
export const ipAddresses: Texts = texts([
  ...['192.0.2', '198.51.100', '203.0.113'].flatMap((network) =>
    Array.from({ length: 254 }, (_, host) => `${network}.${host + 1}`),
  ),
  ...Array.from({ length: 16 }, (_, site) => site + 1).flatMap((site) =>
    Array.from({ length: 15 }, (_, host) => `2001:db8:${site.toString(16)}::${(host + 1).toString(16)}`),
  ),
]);

function chrome(version: string, device = ''): string {
  return `AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${device} Safari/537.36`;
}

function safari(version: string, device: string): string {
  return `AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version}${device} Safari/604.1`;
}
