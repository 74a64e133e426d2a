// One question to all masters of a ClusterClient.
#include <algorithm>
#include <utility>

#include "redis/cluster_client_impl.h"

namespace vx11::redis {

namespace {

/// Answers of several servers, until the last of them is there.
struct Gathering {
  struct One {
    std::string name, error;
    Fault fault = Fault::none;
    std::vector<Reply> replies;
  };
  LoopClient::EachHandler handler;
  OwnedReplies memory;
  std::vector<One> all;
  std::size_t open = 0;

  void take(std::size_t number, const Answer& answer) {
    One& one = all[number];
    one.fault = answer.fault;
    one.error = answer.error;
    for (const Reply& reply : answer.replies) one.replies.push_back(memory.keep(reply));
    if (--open > 0) return;
    std::vector<NodeAnswer> answers;
    for (const One& each : all) answers.push_back({each.name, {each.fault, each.error, each.replies}});
    handler(answers);
  }
};

}  // namespace

void ClusterClient::Impl::ask_each(Request request, std::chrono::milliseconds deadline, EachHandler handler) {
  const auto self = shared_from_this();
  auto gathering = std::make_shared<Gathering>();
  gathering->handler = std::move(handler);
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    if (map_.owners()[i].slots.any()) nodes.push_back(serving_[i]);
  }
  gathering->all.resize(std::max<std::size_t>(1, nodes.size()));
  gathering->open = gathering->all.size();
  if (nodes.empty()) {
    gathering->all[0].name = options_.seeds.empty() ? std::string() : options_.seeds.front().to_text();
    const auto why = trouble_;
    return gathering->take(0, {Fault::not_connected, *why, {}});
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) gathering->all[i].name = nodes[i]->name();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (abandoned_) return;
    nodes[i]->client().ask(request, deadline, [this, gathering, i](const Answer& answer) {
      if (!abandoned_) gathering->take(i, answer);
    });
  }
}

}  // namespace vx11::redis
