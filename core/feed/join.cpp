#include "feed/join.h"

#include <vector>

#include "token/hex.h"

namespace vx11::feed {

namespace {

// KEYS: the events' stream, the hash. ARGV: a new epoch, a resume key, and of the caller: epoch, cursor's ms and seq.
// The key types are looked at first, so that the error says what is wrong, in every version of Redis in the same way.
// Nothing is written that is there already: a server that is full, or only to be read, can be joined. Which command an
// ACL forbids to a script, Redis 7.0 doesn't say; so the script does.
constexpr std::string_view script = R"(
local refusal, refused
local function call(name, ...)
  local reply = redis.pcall(name, ...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  refusal, refused = reply.err, string.lower(name)
  error(refusal)
end
local function join()
  for i, wanted in ipairs({'stream', 'hash'}) do
    local found = call('TYPE', KEYS[i]).ok
    if found ~= wanted and found ~= 'none' then
      return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' holds a ' .. found .. ' instead of a ' .. wanted)
    end
  end
  local first = call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
  local last = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  local first_id, last_id = first and first[1], last and last[1]
  local epoch = call('HGET', KEYS[2], 'epoch')
  local good = last_id and epoch and string.match(epoch, '^' .. string.rep('[0-9a-f]', 8) .. '$')
  if good and epoch == ARGV[3] then
    local ms, seq = string.match(last_id, '^(%d+)-(%d+)$')
    ms, seq = tonumber(ms), tonumber(seq)
    local known_ms = tonumber(ARGV[4])
    good = ms > known_ms or (ms == known_ms and seq >= tonumber(ARGV[5]))
  end
  if not good then
    epoch = ARGV[1]
    last_id = call('XADD', KEYS[1], 'MAXLEN', '~', '10000', '*', 'epoch', epoch)
    first_id = first_id or last_id
    call('HSET', KEYS[2], 'epoch', epoch, 'marker', last_id)
  end
  local resume = call('HGET', KEYS[2], 'resume')
  if not resume then
    resume = ARGV[2]
    call('HSET', KEYS[2], 'resume', resume)
  end
  return {epoch, resume, call('HGET', KEYS[2], 'marker'), first_id, last_id}
end
local done, answer = pcall(join)
if done then return answer end
if not refusal then error(answer) end
if string.find(refusal, "can't run this command", 1, true) or string.find(refusal, 'ACL failure', 1, true) then
  return redis.error_reply("NOPERM this user has no permissions to run the '" .. refused .. "' command in a script")
end
return {err = refusal}
)";

}  // namespace

std::string random_hex(Random& random, std::size_t bytes) {
  std::vector<std::byte> filled(bytes);
  random.fill(filled);
  return hex_text(filled);
}

redis::Request join_request(const Keys& keys, Random& random, const Secret& resume_key, Known known) {
  return redis::Request{"EVAL",
                        script,
                        "2",
                        keys.events,
                        keys.key,
                        random_hex(random, 4),
                        resume_key.reveal(),
                        known.epoch,
                        std::to_string(known.cursor.ms),
                        std::to_string(known.cursor.seq)};
}

std::optional<JoinReply> read_join(const redis::Reply& reply) {
  const auto parts = reply.elements();
  if (!reply.is_array() || parts.size() != 5) return std::nullopt;
  const auto first = EntryId::parse(parts[3].text);
  const auto last = EntryId::parse(parts[4].text);
  if (parts[0].text.empty() || parts[1].text.empty() || !first || !last) return std::nullopt;
  return JoinReply{std::string(parts[0].text), Secret(parts[1].text), EntryId::parse(parts[2].text), *first, *last};
}

}  // namespace vx11::feed
