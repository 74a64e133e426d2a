#include "feed/writer.h"

#include <memory>
#include <utility>

#include "feed/join.h"

namespace vx11::feed {

struct Writer::Impl : std::enable_shared_from_this<Impl> {
  Impl(redis::Client& its_client, Random& its_random, Keys its_keys, std::string its_id)
      : client(its_client), random(its_random), keys(std::move(its_keys)), instance_id(std::move(its_id)) {}

  void add(std::string name, std::string data, bool may_make, PublishHandler handler) {
    redis::Request request;
    request.add({"XADD", keys.events, "NOMKSTREAM", "MAXLEN", "~", "10000", "*", "event", name, "data", data, "by",
                 instance_id});
    request.add({"HGET", keys.key, "epoch"});
    client.ask(std::move(request), [weak = weak_from_this(), name = std::move(name), data = std::move(data), may_make,
                                    handler = std::move(handler)](const redis::Answer& answer) mutable {
      const auto self = weak.lock();
      if (!self) return;
      if (answer.replies.size() != 2 || answer.replies[0].is_error()) return handler({});
      if (answer.replies[0].is_nil()) {
        if (!may_make) return handler({});
        return self->join([weak, name = std::move(name), data = std::move(data),
                           handler = std::move(handler)](const std::string& joined) mutable {
          const auto me = weak.lock();
          if (!me || joined.empty()) return handler({});
          me->add(std::move(name), std::move(data), false, std::move(handler));
        });
      }
      self->added(answer.replies[0].text, answer.replies[1], std::move(handler));
    });
  }

  /// It is in the stream; now its epoch.
  void added(std::string_view entry, const redis::Reply& epoch_reply, PublishHandler handler) {
    if (epoch_reply.is_text()) {
      epoch = epoch_reply.text;
      return handler({true, epoch + "." + std::string(entry)});
    }
    // Somebody has deleted the hash. A new epoch begins after this event, which is the old one's.
    join([weak = weak_from_this(), entry = std::string(entry), old = epoch,
          handler = std::move(handler)](const std::string& made) mutable {
      handler({true, (old.empty() ? made : old) + "." + entry});
    });
  }

  /// Makes the stream, or its epoch, when there is none. `then` is told the epoch; nothing on any failure.
  void join(Callback<void(const std::string&)> then) {
    client.ask(join_request(keys, random, Secret(random_hex(random, 32)), {}),
               [weak = weak_from_this(), then = std::move(then)](const redis::Answer& answer) mutable {
                 const auto self = weak.lock();
                 if (!self) return;
                 const auto joined = answer.replies.empty() ? std::nullopt : read_join(answer.replies[0]);
                 if (joined) self->epoch = joined->epoch;
                 then(joined ? joined->epoch : std::string());
               });
  }

  redis::Client& client;
  Random& random;
  const Keys keys;
  const std::string instance_id;
  std::string epoch;  ///< as the last answer said
};

Writer::Writer(redis::Client& client, Random& random, Keys keys, std::string instance_id)
    : impl_(std::make_shared<Impl>(client, random, std::move(keys), std::move(instance_id))) {}

Writer::~Writer() = default;

void Writer::publish(std::string_view name, std::string_view data, PublishHandler handler) {
  impl_->add(std::string(name), std::string(data), true, std::move(handler));
}

}  // namespace vx11::feed
