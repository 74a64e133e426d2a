#include "redis/threaded_client.h"

#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "redis/loop_client.h"

namespace vx11::redis {

struct ThreadedClient::Impl {
  Impl(Options options, const Clock& time, Random& random)
      : clock(time), client(make_loop_client(io, std::move(options), time, random, nullptr)) {
    client->start();
    thread = std::thread([this] { io.run(); });
  }
  ~Impl() {
    io.stop();
    thread.join();
  }

  const Clock& clock;
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::unique_ptr<LoopClient> client;
  std::thread thread;
};

ThreadedClient::ThreadedClient(Options options, const Clock& clock, Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), clock, random)) {}

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

}  // namespace vx11::redis
