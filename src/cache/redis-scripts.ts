import { createHash } from 'node:crypto';

export interface RedisScript {
  readonly text: string;
  readonly sha1: string;
}

/** A token is a UUID. */
export const TOKEN_LENGTH = 36;

/*
 * An entry is a hash: value, stale (milliseconds), versions. A lease is a string: token, space, versions. Versions are
 * JSON, [[tag, version], …]: those of the tags when the load began. A version is a token, never used twice, and
 * invalidating a tag deletes its version: whatever was loaded under it is void, also after Redis has lost everything.
 */
const outdated = `
local function outdated(versions, tag_prefix)
  for _, pair in ipairs(cjson.decode(versions)) do
    if redis.call('get', tag_prefix .. pair[1]) ~= pair[2] then return true end
  end
  return false
end
local function held(lease, token)
  return lease and string.sub(lease, 1, ${TOKEN_LENGTH}) == token
end`;

/**
 * KEYS entry, lease. ARGV token, lease ms, prefix of tags, least life of a version ms, tags of the load…
 * Gives state (fresh, stale, missing), value, ms left (fresh: to be fresh; stale: to be kept), ms it may be stale,
 * versions, and `leased` when the caller is the one to load.
 */
const read = `${outdated}
local value, stale, versions = unpack(redis.call('hmget', KEYS[1], 'value', 'stale', 'versions'))
if value and outdated(versions, ARGV[3]) then value = false end
local left = 0
if value then
  left = redis.call('pttl', KEYS[1])
  if left > tonumber(stale) then return { 'fresh', value, left - stale, stale, versions, '' } end
end
local found = { value and 'stale' or 'missing', value or '', left, stale or '0', versions or '[]', '' }
local lease = redis.call('get', KEYS[2])
-- Nobody waits for a load that began before an invalidation.
if lease and not outdated(string.sub(lease, ${TOKEN_LENGTH + 2}), ARGV[3]) then return found end
local current = {}
for i = 5, #ARGV do
  local name = ARGV[3] .. ARGV[i]
  local version = redis.call('get', name) or ARGV[1]
  if redis.call('pttl', name) < tonumber(ARGV[4]) then redis.call('set', name, version, 'px', ARGV[4]) end
  current[#current + 1] = { ARGV[i], version }
end
redis.call('set', KEYS[2], ARGV[1] .. ' ' .. cjson.encode(current), 'px', ARGV[2])
found[6] = 'leased'
return found`;

/** KEYS entry, lease. ARGV token, value ('' for none: what is there goes), ttl ms, stale ms, prefix of tags. */
const store = `${outdated}
local lease = redis.call('get', KEYS[2])
if not held(lease, ARGV[1]) then return 'outdated' end
local versions = string.sub(lease, ${TOKEN_LENGTH + 2})
redis.call('del', KEYS[2])
if outdated(versions, ARGV[5]) then return 'outdated' end
redis.call('del', KEYS[1])
if ARGV[2] ~= '' then
  redis.call('hset', KEYS[1], 'value', ARGV[2], 'stale', ARGV[4], 'versions', versions)
  redis.call('pexpire', KEYS[1], ARGV[3] + ARGV[4])
end
return 'stored'`;

/** KEYS lease. ARGV token, lease ms (0 gives it back). */
const renew = `${outdated}
if not held(redis.call('get', KEYS[1]), ARGV[1]) then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])`;

/** KEYS entries and leases to delete. ARGV channel, message, names of tags… */
const invalidate = `
for i = 1, #KEYS do redis.call('del', KEYS[i]) end
for i = 3, #ARGV do redis.call('del', ARGV[i]) end
return redis.call('publish', ARGV[1], ARGV[2])`;

const script = (text: string): RedisScript => ({
  text,
  sha1: createHash('sha1').update(text).digest('hex'),
});

/** Each is one atomic step on the server. */
export const REDIS_SCRIPTS = {
  read: script(read),
  store: script(store),
  renew: script(renew),
  invalidate: script(invalidate),
} as const;
