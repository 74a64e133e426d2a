// The yardstick of throughput: hiredis alone, which keeps so many requests on their way to Redis and does nothing else.
//
//   vx11-bench-bare-redis check|issue PORT OUTSTANDING SECONDS
//
// Asks what the service asks for the same thing: a check is GET and PTTL, an issue is SET … PXAT … NX. Prints the
// requests a second and the CPU time each took here.
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>

#include <hiredis/hiredis.h>

namespace {

using SteadyClock = std::chrono::steady_clock;
using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;
using Reply = std::unique_ptr<void, decltype(&freeReplyObject)>;

constexpr const char* known_key = "vx11:ephemeral_token:7d9f2f6e-1c9b-4c7a-9f7e-0123456789ab";
constexpr const char* value = R"({"created_at":1700000000.123,"ttl_sec":60,"issued_by":"127.0.0.1:8011"})";

struct Work {
  bool issues = false;
  std::uint64_t issued = 0;
  long long expires_ms = 0;

  [[nodiscard]] int replies() const { return issues ? 1 : 2; }

  void send(redisContext* context) {
    if (issues) {
      const unsigned long long number = issued++;
      redisAppendCommand(context, "SET vx11:ephemeral_token:00000000-0000-4000-8000-%012llx %s PXAT %lld NX", number,
                         value, expires_ms);
      return;
    }
    redisAppendCommand(context, "GET %s", known_key);
    redisAppendCommand(context, "PTTL %s", known_key);
  }
};

[[nodiscard]] bool take(redisContext* context) {
  void* raw = nullptr;
  if (redisGetReply(context, &raw) != REDIS_OK) return false;
  const Reply reply(raw, &freeReplyObject);
  return static_cast<redisReply*>(raw)->type != REDIS_REPLY_ERROR;
}

[[nodiscard]] int parse(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

[[nodiscard]] int run(redisContext* context, Work work, int outstanding, std::chrono::seconds length) {
  for (int i = 0; i < outstanding; ++i) work.send(context);
  const auto begun = SteadyClock::now();
  const std::clock_t cpu_begun = std::clock();
  std::uint64_t done = 0;
  SteadyClock::time_point now = begun;
  while (now - begun < length) {
    for (int i = 0; i < work.replies(); ++i) {
      if (!take(context)) return std::fprintf(stderr, "Redis: %s\n", context->errstr), 1;
    }
    work.send(context);
    if (++done % 64 == 0) now = SteadyClock::now();
  }
  const double seconds = std::chrono::duration<double>(now - begun).count();
  const double cpu = static_cast<double>(std::clock() - cpu_begun) / CLOCKS_PER_SEC;
  std::printf("%.0f %.3f\n", static_cast<double>(done) / seconds, cpu / static_cast<double>(done) * 1e6);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc == 5 ? argv[1] : "";
  if (what != "check" && what != "issue") return std::fprintf(stderr, "check|issue PORT OUTSTANDING SECONDS\n"), 2;
  const Context context(redisConnect("127.0.0.1", parse(argv[2])), &redisFree);
  if (!context || context->err != 0) return std::fprintf(stderr, "can't connect\n"), 1;
  redisAppendCommand(context.get(), "SET %s %s EX 600", known_key, value);
  if (!take(context.get())) return 1;
  const auto in_ten_seconds = std::chrono::system_clock::now() + std::chrono::seconds(10);
  const auto expires = std::chrono::duration_cast<std::chrono::milliseconds>(in_ten_seconds.time_since_epoch());
  return run(context.get(), {what == "issue", 0, expires.count()}, parse(argv[3]), std::chrono::seconds(parse(argv[4])));
}
