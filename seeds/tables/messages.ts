import type { SeedTable, SeedValue } from '../seed-table.js';
import { attachments, systemMessages, type Texts, type ThreadTurn } from '../vocabulary/index.js';
import type { ChatBlock } from '../world/chat.js';
import { MINUTE, SECOND, timestampValue } from '../world/time.js';
import { lazily, type World } from '../world/world.js';
import { monthRanges } from './month-ranges.js';

const TEXT = Buffer.from('TEXT');
const SYSTEM = Buffer.from('SYSTEM');
type Attachment = keyof typeof attachments;
const attachmentTypes = {
  IMAGE: Buffer.from('IMAGE'),
  VOICE: Buffer.from('VOICE'),
  FILE: Buffer.from('FILE'),
};

/** Those that are true in any room: nobody says that a session was planned unless it was. */
const promptIndexes = systemMessages.texts.flatMap((text, index) =>
  /주제|topic|언어를|switch/i.test(text) ? [index] : [],
);
const prompts: Texts = {
  texts: promptIndexes.map((index) => systemMessages.texts[index] as string),
  bytes: promptIndexes.map((index) => systemMessages.bytes[index] as Uint8Array),
};

/** Of the hot table: no string is built for a row. */
export function chatMessages({ history, rooms, chat }: World): SeedTable {
  const line = history.draw('chat_messages.line');
  const type = history.draw('chat_messages.message_type');
  const file = history.draw('chat_messages.file_url');
  const edit = history.draw('chat_messages.is_edited');
  let block: ChatBlock | undefined;
  let place = 0;
  let turn: ThreadTurn | undefined;
  let attachment: Attachment | undefined;
  let isSystem = false;
  let editedAt = 0;
  const prepare = (row: number): void => {
    block = chat.open(Math.floor(row / chat.blockSize));
    place = row - block.firstRow;
    const said = block.turn[place] as ThreadTurn;
    turn = said;
    const luck = type.unit(row);
    // A correction is always written: it would make no sense as a picture.
    const isPlain = luck < 0.93 || said.corrects !== null;
    isSystem = !isPlain && luck >= 0.997;
    attachment = isPlain || isSystem ? undefined : luck < 0.968 ? 'IMAGE' : luck < 0.992 ? 'VOICE' : 'FILE';
    editedAt = 0;
    if (attachment !== undefined || isSystem || !edit.chance(0.018, row)) return;
    const at = (block.instant[place] as number) + 8 * SECOND + edit.unit(row, 1) * 6 * MINUTE;
    if (at < history.to) editedAt = Math.floor(at);
  };
  const months = lazily({
    ranges: () =>
      monthRanges(history, chat.count, (instants) => instants.map((instant) => chat.countBefore(instant))),
  });
  const pick = (texts: Texts, row: number): Uint8Array =>
    texts.bytes[file.bits(row) % texts.bytes.length] as Uint8Array;
  const current = (): ChatBlock => block as ChatBlock;
  return {
    table: 'chat_messages',
    rowCount: chat.count,
    prepare,
    columns: {
      id: (row) => row + 1,
      room_id: () => (current().room[place] as number) + 1,
      sender_id: () => (rooms.memberUser[current().member[place] as number] as number) + 1,
      message_type: () =>
        attachment === undefined ? (isSystem ? SYSTEM : TEXT) : attachmentTypes[attachment],
      content: (row): SeedValue => {
        if (attachment === 'VOICE') return null;
        if (isSystem) return pick(prompts, row);
        const { bytes } = (turn as ThreadTurn).lines;
        return bytes[line.bits(row) % bytes.length] as Uint8Array;
      },
      file_url: (row) => (attachment === undefined ? null : pick(attachments[attachment].urls, row)),
      file_metadata: (row) => (attachment === undefined ? null : pick(attachments[attachment].metadata, row)),
      reply_to_id: () => {
        const answered = current().replyTo[place] as number;
        return answered < 0 || isSystem ? null : answered + 1;
      },
      is_edited: () => editedAt !== 0,
      edited_at: () => (editedAt === 0 ? null : timestampValue(editedAt)),
      created_at: () => timestampValue(current().instant[place] as number),
    },
    get months() {
      return months.ranges;
    },
  };
}
