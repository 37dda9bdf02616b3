import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSeed } from '../seeds/plan-seed.js';
import { profiles } from '../seeds/profiles.js';
import { resolveSeedOptions } from '../src/seed/resolve-seed-options.js';
import { packageRoot } from '../src/package-root.js';
import { measureSeed, type Counts } from './measure-seed.js';

/** Writes docs/seeding-distributions.md from the values of the demo profile, seed 42. */
const plan = planSeed(resolveSeedOptions({ profile: 'demo' }, profiles));
const shapes = measureSeed(plan);

const WIDTH = 50;

function plot(counts: Counts, unit = ''): string {
  const most = Math.max(...counts.values());
  const labelWidth = Math.max(...[...counts.keys()].map((label) => label.length));
  const shown = [...counts].map(([label, value]) => [label, value, formatted(value) + unit] as const);
  const valueWidth = Math.max(...shown.map(([, , text]) => text.length));
  const lines = shown.map(([label, value, text]) => {
    const bar = '█'.repeat(Math.round((value / most) * WIDTH));
    return `${label.padEnd(labelWidth)}  ${text.padStart(valueWidth)}  ${bar}`.trimEnd();
  });
  return ['```', ...lines, '```'].join('\n');
}

function formatted(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1);
}

function table(counts: Counts): string {
  const rows = [...counts].map(([label, value]) => `| \`${label}\` | ${formatted(value)} |`);
  return ['| table | rows |', '| --- | ---: |', ...rows].join('\n');
}

const { users, messages, months, seed, referenceDate } = plan.options;
const without = (counts: Counts, label: string): Counts =>
  new Map([...counts].filter(([key]) => key !== label));

const page = `# What a seeded world looks like

Measured from the values of the \`demo\` profile (${formatted(users)} users, ${formatted(messages)} messages, ${months} months up to ${referenceDate.toISOString().slice(0, 10)}, seed ${seed}) by \`scripts/plot-seed.ts\`, which writes this page. Days and hours are those of Asia/Seoul.

## Messages

By hour: the way to work, lunch, and above all the evening.

${plot(shapes.messagesByHour)}

By weekday: weekends are busier, Fridays belong to other people.

${plot(shapes.messagesByWeekday)}

By month: the platform grows slowly, and no day is like another.

${plot(shapes.messagesByMonth)}

Messages come in conversations of ${formatted(shapes.burstLengths.get('mean') ?? 0)} on average, a few minutes long, many at the same time. A few rooms and people have most of them:

${plot(shapes.messagesOfRooms, ' %')}

${plot(shapes.messagesOfPeople, ' %')}

By type:

${plot(shapes.messageTypes)}

## People

New users by month; the platform opened with a campaign.

${plot(shapes.signupsByMonth)}

Native languages:

${plot(shapes.natives)}

Ages, in steps of five years:

${plot(shapes.ages)}

Partners a user has or had; the last line is ten and more.

${plot(shapes.partnersOfPeople)}

## Matching and learning

What became of the matching requests:

${plot(shapes.requests)}

Of the sessions:

${plot(shapes.sessions)}

Ratings, where one was given:

${plot(without(shapes.ratings, '–'))}

Levels that completed tests found:

${plot(without(shapes.levels, '–'))}

## Notifications and activities

${plot(shapes.notifications)}

${plot(shapes.activities)}

## Rows

${table(shapes.rows)}

## How the numbers are meant

- \`learning_analytics\` is counted from the other tables: a day is a day in Asia/Seoul, messages and sessions count for the main language the user learns, a session for the day on which it began, a test for the day on which it was completed; \`average_session_rating\` is the mean of the user's own ratings; a badge is earned by the 1st, 10th, 50th and 100th session. \`created_at\` is five minutes past the midnight after.
- \`user_partnerships.total_sessions\` counts the completed sessions of the two alone; \`last_session_at\` is when the last of them began.
- Who has not read everything has read as far as they wrote themselves. A member who left a group reads no further.
- \`users.residence\` is the country, as partners are looked for by country.
- \`user_activity_logs\` has one line for a conversation (\`ROOM_OPENED\`), of whoever began it, at its first message.
`;

writeFileSync(join(packageRoot(), 'docs', 'seeding-distributions.md'), page);
