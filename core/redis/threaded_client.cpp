#include "redis/threaded_client.h"

#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "redis/sentinel_watch.h"

namespace vx11::redis {

struct ThreadedClient::Impl {
  Impl(const Options& options, const Clock& time, Random& random, LinkObserver* observer)
      : clock(time), timeout(options.timeout), client(make_loop_client(io, options, time, random, observer)) {
    if (options.topology == Topology::sentinel) watch = std::make_unique<SentinelWatch>(io, options, time, random);
    client->start();
    thread = std::thread([this] { io.run(); });
  }
  ~Impl() {
    io.stop();
    thread.join();
  }

  const Clock& clock;
  const std::chrono::milliseconds timeout;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::unique_ptr<LoopClient> client;
  std::unique_ptr<SentinelWatch> watch;  // null: there are no sentinels
  std::thread thread;
};

ThreadedClient::ThreadedClient(Options options, const Clock& clock, Random& random, LinkObserver* observer)
    : impl_(std::make_unique<Impl>(options, clock, random, observer)) {}

ThreadedClient::~ThreadedClient() = default;

void ThreadedClient::ask(Request request, Handler handler) {
  boost::asio::post(
      impl_->io, [impl = impl_.get(), request = std::move(request), handler = std::move(handler)]() mutable {
        const Instant sent = impl->clock.now();
        impl->client->ask(std::move(request), [impl, sent, handler = std::move(handler)](const Answer& answer) {
          handler(answer, impl->clock.now() - sent);
        });
      });
}

void ThreadedClient::ask_each(Request request, EachHandler handler) {
  boost::asio::post(impl_->io,
                    [impl = impl_.get(), request = std::move(request), handler = std::move(handler)]() mutable {
                      impl->client->ask_each(std::move(request), impl->timeout, std::move(handler));
                    });
}

void ThreadedClient::ask_sentinels(std::chrono::milliseconds deadline, SentinelHandler handler) {
  boost::asio::post(impl_->io, [impl = impl_.get(), deadline, handler = std::move(handler)]() mutable {
    if (!impl->watch || impl->watch->refreshing()) return handler({});
    impl->watch->refresh(deadline, std::move(handler));
  });
}

}  // namespace vx11::redis
