// The calls of core/api on one event loop and a real port, over parts that a test makes up: every state of Redis
// without a Redis.
#pragma once

#include <QJsonDocument>
#include <QJsonObject>

#include <future>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "api/loop_context.h"
#include "core/api/made_up_parts.h"
#include "http/event_loop.h"
#include "http/listener.h"
#include "support/raw_client.h"

namespace vx11::test {

class OneLoop final : public api::Loops {
 public:
  http::EventHub* watching = nullptr;

  void take_events() override {}
  void tell_watchers(std::shared_ptr<const std::string> frame) override {
    watching->publish(http::plain_event(*frame));
  }
  void close_streams(std::span<const PublicId>) override {}
  void close_all_token_streams(WallTime) override {}
  [[nodiscard]] std::size_t streams() const override { return 0; }
  [[nodiscard]] std::size_t watchers() const override { return watching->size(); }
  [[nodiscard]] std::uint64_t slow_readers_cut() const override { return 0; }
  [[nodiscard]] std::uint64_t requests() const override { return 0; }
  [[nodiscard]] bool alive() const override { return true; }
  void begin_drain(std::string_view) override {}
};

class ApiHost {
 public:
  static constexpr std::string_view id = "api-1";

  explicit ApiHost(store::Mode mode = store::Mode::hybrid, bool with_redis = true, config::Settings given = {})
      : settings(with_principal(std::move(given))),
        log(clock, std::string(id), [this](std::string_view line) { logged += line; }),
        modes(clock, mode, {with_redis, false}, settings.max_ttl),
        denylist(clock),
        shared(api::Shared::Parts{.settings = settings,
                                  .clock = clock,
                                  .random = random,
                                  .log = log,
                                  .audit = audit,
                                  .loops = loops,
                                  .modes = modes,
                                  .denylist = denylist,
                                  .redis = with_redis ? &redis : nullptr,
                                  .stats = [this] { return store.now; },
                                  .last_memory_expiry = [this] { return last_memory_expiry; }},
               std::string(id)),
        loop(options(random)),
        streams(loop, {}),
        watchers(loop, {}),
        feed(shared),
        context{shared, store, streams, watchers, feed} {
    loops.watching = &watchers;
    for (const auto install : {api::install_issue, api::install_validate, api::install_health, api::install_metrics,
                               api::install_cache_stats, api::install_tokens, api::install_watch, api::install_mode,
                               api::install_instance, api::install_stream}) {
      install(routes, context);
    }
    auto bound = http::bind_port("127.0.0.1", 0, 1);
    if (!bound) qFatal("%s", bound.error().c_str());
    port = bound->port;
    loop.listen(bound->descriptors.front(), routes);
    loop.on_tick([this] { feed.flush(); });
    shared.phase.store(api::Phase::ready);
    thread = std::thread([this] { loop.run(); });
  }
  ~ApiHost() {
    loop.stop();
    thread.join();
  }
  ApiHost(const ApiHost&) = delete;
  ApiHost& operator=(const ApiHost&) = delete;

  /// What the loop's thread uses is read and changed there.
  template <class Action>
  auto on_loop(Action action) {
    std::packaged_task<decltype(action())()> task(std::move(action));
    auto done = task.get_future();
    loop.post([&task] { task(); });
    return done.get();
  }

  [[nodiscard]] static std::string principal_line() { return "X-VX11-Token: principal-of-the-test-host\r\n"; }
  [[nodiscard]] Answer ask(std::string_view method, std::string_view target, std::string_view body = {}) {
    RawClient client(port);
    return client.ask(request_text(method, target, principal_line(), body), method == "HEAD");
  }
  [[nodiscard]] Answer get(std::string_view target) { return ask("GET", target); }
  [[nodiscard]] Answer post_mode(std::string_view body) { return ask("POST", "/operator/internal/mode", body); }
  [[nodiscard]] QJsonObject json(std::string_view target) { return parsed(get(target)); }
  [[nodiscard]] static QJsonObject parsed(const Answer& answer) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).object();
  }

  ManualClock clock;
  SystemRandom random;
  config::Settings settings;
  std::string logged;
  observe::Log log;
  KeptAudit audit;
  store::ModeSwitch modes;
  store::Denylist denylist;
  MadeUpRedis redis;
  MadeUpStore store;
  Instant last_memory_expiry{};
  OneLoop loops;
  api::Shared shared;
  http::ServerOptions server_options;
  http::EventLoop loop;
  http::EventHub streams, watchers;
  api::WatchFeed feed;
  api::LoopContext context;
  http::Router routes;
  std::uint16_t port = 0;
  std::thread thread;

 private:
  [[nodiscard]] static config::Settings with_principal(config::Settings settings) {
    settings.principals.emplace_back(Secret("principal-of-the-test-host"));
    settings.advertise_url = "http://api-1:8011";
    return settings;
  }
  [[nodiscard]] const http::ServerOptions& options(Random& source) {
    server_options.make_correlation_id = [&source](char* out) { Uuid::generate(source).write(out); };
    return server_options;
  }
};

}  // namespace vx11::test
